// How the shop's page drives each SDK dialect, one row each. `client` returns null while the SDK isn't ready; each action
// receives the client and the SDK.
const query = new URLSearchParams(location.search);
const shop = query.get('shop') ?? 'main';
const ADA = ['ada@shop.example', 'lovelace'];
const GRACE = ['grace@shop.example', 'cobol'];
const IDENTITY = { email: 'lin@shop.example', customId: 'lin' };
/** A new API key on each call. */
const otherKey = () => `00000000-0000-4000-8000-${crypto.randomUUID().slice(-12)}`;

/** Promisifies a call whose last two arguments are its callbacks. */
const positional = (call, wordsOf) => new Promise((resolve, reject) => call(resolve, (error) => reject(new Error(wordsOf(error)))));
const named = (call, wordsOf) =>
  new Promise((resolve, reject) => call({ onSuccess: resolve, onError: (error) => reject(new Error(wordsOf(error))) }));

const codeAndMessage = ({ code, message }) => `${code}: ${message}`;
const iosWords = ({ code, message, httpCode, errorType, errorBody }) =>
  `${httpCode ?? code}: ${errorBody?.message ?? message ?? errorType}`;
const androidWords = (error) => `${error.getHttpCode()}: ${error.getErrorBody()?.getMessage() ?? error.getErrorType()}`;

/** The `Synerise` object, for what belongs to the whole SDK rather than to a client. */
const whole = () => {
  if (typeof Synerise === 'undefined') throw new Error('This page has no Synerise object.');
  return Synerise;
};
const toggle = (settings) => {
  settings.doNotTrack = !settings.doNotTrack;
};

const forgetStored = () => localStorage.removeItem(`sandbox-sdk:${shop}`);
const namespace = () => window.SyneriseObjectNamespace ?? 'SR';

/** A top-level class isn't a property of `window`: only its name reaches it. */
const lexicalClient = () => (typeof Client === 'undefined' ? undefined : Client);

/** With the Web SDK, the site itself signs the customer in. */
async function signInToSite(sdk, email) {
  const response = await fetch('/site/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop },
    body: JSON.stringify({ uuid: window.SyneriseTC.uuid, email }),
  });
  const { token, message } = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${message}`);
  sdk.client.setAccessToken(token);
  sdk.event.sendFormData('', { email });
}

export const ADAPTERS = {
  'react-native': {
    script: '/sdk/react-native.js',
    find: () => window.Synerise,
    start: (sdk) => sdk.Initializer().withApiKey('00000000-0000-4000-8000-00000000feed').withBaseUrl(location.origin).init(),
    client: (sdk) => (sdk.isInitialized() ? sdk.Client : null),
    signIn: (client) => positional((...callbacks) => client.signIn(...ADA, ...callbacks), codeAndMessage),
    switchTo: (client) => positional((...callbacks) => client.signIn(...GRACE, ...callbacks), codeAndMessage),
    recognize(client, sdk) {
      const data = new sdk.ClientSimpleAuthenticationData(IDENTITY);
      return positional((...callbacks) => client.simpleAuthentication(data, IDENTITY.customId, ...callbacks), codeAndMessage);
    },
    remove: (client) =>
      positional((...callbacks) => client.deleteAccountByIdentityProvider(ADA[1], 'SYNERISE', null, ...callbacks), codeAndMessage),
    changeKey: (_, sdk) => sdk.changeApiKey(otherKey()),
    track: (_, sdk) => toggle(sdk.Settings.sdk),
    signOut: (client) => client.signOut(),
    refresh: (client) => positional((...callbacks) => client.refreshToken(...callbacks), codeAndMessage),
    regenerate: (client) => client.regenerateUUID(),
    forget: forgetStored,
  },
  flutter: {
    script: '/sdk/flutter.js',
    find: () => window.Synerise,
    client: (sdk) => sdk.client,
    signIn: (client) => named((callbacks) => client.signIn(...ADA, callbacks), codeAndMessage),
    switchTo: (client) => named((callbacks) => client.signIn(...GRACE, callbacks), codeAndMessage),
    recognize: (client) => named((callbacks) => client.simpleAuthentication(IDENTITY, IDENTITY.customId, callbacks), codeAndMessage),
    remove: (client) => named((callbacks) => client.deleteAccount(ADA[1], 'SYNERISE', null, callbacks), codeAndMessage),
    changeKey: (_, sdk) => sdk.changeApiKey(otherKey()),
    track: (_, sdk) => toggle(sdk.settings.sdk),
    signOut: (client) => client.signOut(),
    refresh: (client) => named((callbacks) => client.refreshToken(callbacks), codeAndMessage),
    regenerate: (client) => client.regenerateUUID(),
    forget: forgetStored,
  },
  ios: {
    script: `/sdk/ios.js${query.has('lexical') ? '?lexical' : ''}`,
    find: () => window.SNRClient ?? lexicalClient(),
    client: (sdk) => sdk,
    signIn: (client) => positional((...closures) => client.signIn(...ADA, ...closures), iosWords),
    switchTo: (client) => positional((...closures) => client.signIn(...GRACE, ...closures), iosWords),
    recognize: (client) => positional((...closures) => client.simpleAuthentication(IDENTITY, IDENTITY.customId, ...closures), iosWords),
    remove: (client) => positional((...closures) => client.deleteAccount(ADA[1], 'SYNERISE', null, ...closures), iosWords),
    changeKey: () => whole().changeApiKey(otherKey()),
    track: () => toggle(whole().settings.sdk),
    signOut: (client) => client.signOut(),
    refresh: (client) => positional((...closures) => client.refreshToken(...closures), iosWords),
    regenerate: (client) => client.regenerateUUID(),
    forget: forgetStored,
    cannot: query.has('lexical') ? { replace: 'A top-level class cannot be declared twice on one page.' } : {},
  },
  android: {
    script: '/sdk/android.js',
    find: () => window.Client,
    client: (sdk) => sdk,
    signIn: (client) => positional((...callbacks) => client.signIn(...ADA).execute(...callbacks), androidWords),
    switchTo: (client) => positional((...callbacks) => client.signIn(...GRACE).execute(...callbacks), androidWords),
    recognize(client) {
      const data = { getEmail: () => IDENTITY.email, getCustomId: () => IDENTITY.customId };
      return positional((...callbacks) => client.simpleAuthentication(data, IDENTITY.customId).execute(...callbacks), androidWords);
    },
    remove: (client) => positional((...callbacks) => client.deleteAccount(ADA[1], 'SYNERISE', null).execute(...callbacks), androidWords),
    changeKey: () => whole().changeApiKey(otherKey()),
    track: () => toggle(whole().settings.sdk),
    signOut: (client) => client.signOut(),
    refresh: (client) => positional((...callbacks) => client.refreshToken().execute(...callbacks), androidWords),
    regenerate: (client) => client.regenerateUuid(),
    forget: forgetStored,
  },
  web: {
    script: '/snippet.js',
    /** The snippet delays itself, and its callback starts the SDK. */
    snippet: true,
    find: () => window[namespace()],
    start: (sdk) => sdk.init({ trackerKey: '00000000-0000-4000-8000-00000000a001' }),
    client: (sdk) => (sdk.client && window.SyneriseTC ? sdk : null),
    signIn: (sdk) => signInToSite(sdk, ADA[0]),
    switchTo: (sdk) => signInToSite(sdk, GRACE[0]),
    signOut: (sdk) => sdk.jwt.clearAccessToken(),
    regenerate: (sdk) => sdk.client.setUuid(crypto.randomUUID()),
    forget() {
      const place = `; path=${query.get('cookiepath') ?? '/'}${query.has('domain') ? `; domain=${query.get('domain')}` : ''}`;
      for (const cookie of document.cookie.split('; ').filter((one) => one.startsWith('_snrs_'))) {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't available everywhere
        document.cookie = `${cookie.split('=', 1)[0]}=${place}; max-age=0`;
      }
      delete window[namespace()];
      delete window.SyneriseTC;
    },
    cannot: {
      refresh: "The site's own backend makes this token: sign in again.",
      recognize: 'The Web SDK has no Simple Authentication.',
      remove: 'The Web SDK deletes no account.',
      'change-key': 'The Web SDK takes its tracker key once: load the page with another ?key=.',
      track: 'The Web SDK has no such setting.',
    },
  },
};
