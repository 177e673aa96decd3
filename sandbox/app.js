// An app with the React Native SDK in a JavaScript engine that is no browser: `node --inspect sandbox/app.js ORIGIN [SHOP]`,
// with the origin of a running sandbox. A parent process can send it the name of an action, and gets the SDK's state back.
const [origin = '', shop = 'app'] = process.argv.slice(2);

// The SDK's requests go to the sandbox; in an app, its native side knows where to.
const { fetch } = globalThis;
globalThis.fetch = (path, init) => fetch(new URL(String(path), origin), init);

// The stand-in reads its switches from the page's address as it starts: an app has none, before or after.
Object.assign(globalThis, { location: { search: `?shop=${shop}` } });
const { createSdk } = await import('./shop/sdk-react-native.js');
Reflect.deleteProperty(globalThis, 'location');

const Synerise = createSdk();
Synerise.Initializer().withApiKey('00000000-0000-4000-8000-00000000feed').init();

// The three lines with which an app hands its SDK over in development builds (docs/apps.md).
const KEY = Symbol.for('synerise.inspector');
globalThis[KEY] ??= {
  pending: [],
  connect(...args) {
    this.pending.push(args);
  },
};
globalThis[KEY].connect(Synerise, { name: 'shop' });

const ACTIONS = {
  'sign-in': () => new Promise((resolve, reject) => Synerise.Client.signIn('ada@shop.example', 'lovelace', resolve, reject)),
  refresh: () => new Promise((resolve, reject) => Synerise.Client.refreshToken(resolve, reject)),
  regenerate: () => Synerise.Client.regenerateUUID(),
};
process.on('message', async ({ id, action }) => {
  try {
    await ACTIONS[action]?.();
  } finally {
    const { held, calls, reads } = globalThis.sandboxSdk;
    process.send({ id, held: held(), calls, reads });
  }
});
process.on('disconnect', () => process.exit());
// Keeps the process running without a parent.
if (!process.send) setInterval(() => undefined, 2 ** 30);
