// A page that the back-forward cache may keep: it has no unload listener, and its response may be stored.
import { bringAsAsked } from './bring.js';

const query = new URLSearchParams(location.search);
for (const link of document.links) link.search = location.search;

/** For each time the page was shown, whether it came from the back-forward cache; for tests. */
window.shows = [];
addEventListener('pageshow', ({ persisted }) => shows.push(persisted));

bringAsAsked(query.get('sdk') ?? 'react-native');
