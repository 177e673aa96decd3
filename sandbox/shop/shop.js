// The shop's own script: brings the SDK by its script, and lets a person play with the session.
import { ADAPTERS } from './adapters.js';
import { bring, bringAsAsked } from './bring.js';
import { play } from './play.js';

const dialect = new URLSearchParams(location.search).get('sdk') ?? 'react-native';
// A second load of the SDK makes another client, as a hot reload of an app does.
play({ dialect, find: ADAPTERS[dialect].find, replace: () => bring(dialect) });
bringAsAsked(dialect);
