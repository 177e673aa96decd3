// A page that the back-forward cache may keep: nothing here listens to an unload, and the page may be stored.
import { bringAsAsked } from './bring.js';

const query = new URLSearchParams(location.search);
for (const link of document.links) link.search = location.search;

/** How often the page came, and whether the browser had kept it: for tests. */
window.shows = [];
addEventListener('pageshow', ({ persisted }) => shows.push(persisted));

bringAsAsked(query.get('sdk') ?? 'react-native');
