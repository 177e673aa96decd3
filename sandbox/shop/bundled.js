// An app whose bundled SDK is on no global. It hands the SDK over to the inspector, whichever of the two loads first.
import { ADAPTERS } from './adapters.js';
import { play } from './play.js';

const query = new URLSearchParams(location.search);
const dialect = query.get('sdk') ?? 'react-native';
const { createSdk } = await import(`/modules/sdk-${dialect}.js`);

const inspector = () =>
  (globalThis[Symbol.for('synerise.inspector')] ??= {
    pending: [],
    connect(...args) {
      this.pending.push(args);
    },
  });

/** What a careless or hostile page may hand over. */
function handOverRubbish() {
  const fails = () => {
    throw new TypeError('this proxy throws');
  };
  const hostile = new Proxy({}, { get: fails, has: fails, ownKeys: fails, getPrototypeOf: fails, getOwnPropertyDescriptor: fails });
  const rubbish = [null, undefined, 0, 42, Number.NaN, 'text', Symbol('symbol'), 10n, true, [], {}, () => fails(), hostile];
  for (const value of rubbish) {
    inspector().connect(value);
    inspector().connect(value, value);
    inspector().connect({}, { name: value, dialect: value });
  }
  for (let i = 0; i < 1000; i += 1) inspector().connect({}, { name: `rubbish ${i}` });
  inspector().connect({ Client: { getUUID: () => 'no UUID' } }, { name: 'x'.repeat(1_000_000) });
}

function handOver(sdk) {
  if (query.has('nested')) {
    window.app = { services: { synerise: sdk } };
    return;
  }
  if (query.has('hostile') && query.get('hostile') !== 'after') handOverRubbish();
  const options = { name: 'shop app', ...(query.has('dialect') && { dialect: query.get('dialect') }) };
  inspector().connect(sdk, options);
  // React's StrictMode runs effects twice.
  if (query.has('strict')) inspector().connect(sdk, options);
  if (query.get('hostile') === 'after') handOverRubbish();
}

let sdk;
function renew() {
  sdk = createSdk();
  handOver(sdk);
  ADAPTERS[dialect].start?.(sdk);
}
play({ dialect, find: () => sdk, replace: renew });
renew();
