// Shops in frames: one from the page's own origin, one from the sandbox's other origin. Only `?top=` gives the page itself an SDK.
import { bringAsAsked } from './bring.js';

const query = new URLSearchParams(location.search);
const frames = document.querySelector('.frames');
const other = new URL(location.origin);
other.hostname = location.hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';

/** Passes switches that aren't the page's own on to the frame. */
function shopUrl(origin, dialect, shop) {
  const url = new URL('/', origin);
  for (const [name, value] of query) if (!['top', 'a', 'b', 'twins', 'shop'].includes(name)) url.searchParams.append(name, value);
  url.searchParams.set('sdk', dialect);
  url.searchParams.set('shop', shop);
  return url;
}

function add(url, name) {
  const frame = document.createElement('iframe');
  Object.assign(frame, { src: url, name, title: `Shop ${name}` });
  frames.append(frame);
}

const [a, b] = ['a', 'b'].map((name) => query.get(name) ?? 'react-native');
add(shopUrl(location.origin, a, 'a'), 'a');
if (query.has('twins')) add(shopUrl(location.origin, a, 'a'), 'twin');
else add(shopUrl(other, b, 'b'), 'b');

let added = 0;
document.getElementById('add').addEventListener('click', () => {
  added += 1;
  add(shopUrl(location.origin, a, `added-${added}`), `added-${added}`);
});
document.getElementById('remove').addEventListener('click', () => frames.lastElementChild?.remove());

if (query.has('top')) bringAsAsked(query.get('top'));
