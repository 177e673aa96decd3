// The shop's own script: loads the SDK's script, and sets up the buttons that act on the session.
import { ADAPTERS } from './adapters.js';
import { bring, bringAsAsked } from './bring.js';
import { play } from './play.js';

const dialect = new URLSearchParams(location.search).get('sdk') ?? 'react-native';
// Loading the SDK a second time creates another client, as an app's hot reload does.
play({ dialect, find: ADAPTERS[dialect].find, replace: () => bring(dialect) });
bringAsAsked(dialect);
