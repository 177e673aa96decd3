// The Web SDK, as found on a page once its script has loaded (notes §3): no session methods, but a UUID, an identity hash,
// a slot for the site token, a separate `SyneriseTC` global, and its state in `_snrs_*` cookies.
import { after, query, standIn } from './stand-in.js';

const DAY = 86_400;
const HALF_HOUR = 1800;

const CONVENTION = {
  answer: (_args, value) => value,
  hang: () => new Promise(() => {}),
  twice(own, target, args) {
    setTimeout(() => own.apply(target, args), 50);
    return own.apply(target, args);
  },
};

/** The last of several cookies with the same name, as code that parses cookies into an object gets it. */
const readCookie = (name) =>
  document.cookie
    .split('; ')
    .findLast((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);

function writeCookie(name, value, seconds, domain) {
  const place = `; path=${query.get('cookiepath') ?? '/'}${domain ? `; domain=${domain}` : ''}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the stand-in sets its own cookies, and the Cookie Store API isn't available everywhere
  document.cookie = `${name}=${value}${place}; max-age=${seconds}`;
}

/** `key:value` pairs joined with `&`; a value may contain further colons. */
const parsePairs = (text = '') =>
  Object.fromEntries(text.split('&').map((pair) => [pair.split(':', 1)[0], pair.slice(pair.indexOf(':') + 1)]));
const formatPairs = (fields) =>
  Object.entries(fields)
    .map((pair) => pair.join(':'))
    .join('&');

/** Java's String.hashCode, in decimal. */
function hashOf(identifier) {
  let hash = 0;
  for (let i = 0; i < identifier.length; i += 1) hash = (Math.imul(hash, 31) + identifier.charCodeAt(i)) | 0;
  return String(hash);
}

/** A JWT's expiry (epoch ms) and its account; `null` if unknown. */
function read(jwt) {
  try {
    const { exp, email } = JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    return { expiresAt: exp * 1000, account: email ?? null };
  } catch {
    return { expiresAt: null, account: null };
  }
}

export function createSdk() {
  let options = {};
  /** The content of `_snrs_p` and related cookies; `null` before `init`. */
  let visitor = null;
  let jwt = null;

  // `?dnt`: the site's Do Not Track cookie is set (notes §8).
  const write = (name, value, seconds) => query.has('dnt') || writeCookie(name, value, seconds, options.domain);
  const forget = (name) => {
    // It may have been written without a domain.
    writeCookie(name, '', 0, options.domain);
    writeCookie(name, '', 0);
  };

  /** The UUID and identity hash that the site, a link or the inspector set for this page load; `null` if none did. */
  function takeReset() {
    const [withHash, bare] = [readCookie('_snrs_reset_uuid_and_identity_hash'), readCookie('_snrs_reset_uuid')];
    if (withHash) {
      forget('_snrs_reset_uuid_and_identity_hash');
      const [uuid, identityHash = ''] = withHash.split(':');
      return { uuid, identityHash };
    }
    if (bare) {
      forget('_snrs_reset_uuid');
      return { uuid: bare, identityHash: '' };
    }
    if (query.get('snrs_reset_uuid')) return { uuid: query.get('snrs_reset_uuid'), identityHash: '' };
    // A campaign link switches the browser to the link's customer.
    if (query.get('snrs_cl')) return { uuid: query.get('snrs_cl'), identityHash: query.get('snrs_he') ?? '' };
    return null;
  }

  function visit() {
    const now = Date.now() / 1000;
    const known = parsePairs(readCookie('_snrs_p'));
    const session = parsePairs(readCookie('_snrs_sa'));
    const held = (query.has('dnt') ? undefined : readCookie('_snrs_uuid')) ?? crypto.randomUUID();
    const identityHash = known.identityHash ?? '';
    visitor = {
      host: location.hostname,
      // A reset keeps the browser's first UUID.
      permUuid: readCookie('_snrs_puuid') ?? held,
      ...(takeReset() ?? { uuid: held, identityHash }),
      user_hash: readCookie('_ush') ?? known.user_hash ?? '',
      init: known.init ?? Math.floor(now),
      last: now.toFixed(3),
      current: Math.floor(now),
      uniqueVisits: Number(known.uniqueVisits ?? 0) + (session.ssuid ? 0 : 1),
      allVisits: Number(known.allVisits ?? 0) + 1,
      globalControlGroup: false,
    };
    const ssuid = session.ssuid ?? crypto.randomUUID();
    const appear = session.appear ?? Math.floor(now);
    write('_snrs_sa', formatPairs({ ssuid, appear, sessionVisits: Number(session.sessionVisits ?? 0) + 1 }), HALF_HOUR);
    const leave = () => write('_snrs_sb', formatPairs({ ssuid, leaves: Math.floor(Date.now() / 1000) }), HALF_HOUR);
    leave();
    addEventListener('pagehide', leave);
    if (query.has('events')) report(ssuid);
    const campaign = Object.fromEntries([...query].filter(([name]) => name.startsWith('snrs_')));
    if (Object.keys(campaign).length > 0) write('_snrs_params', JSON.stringify(campaign), 3 * DAY);
    save();
  }

  /** `?events`: a site's requests of a visit (notes §3.6): the visit itself, a recommendation, and a last event on `pagehide`. */
  function report(ssuid) {
    const { uuid } = visitor;
    const visited = { action: 'page.visit', label: document.title, client: { uuid }, params: { uri: location.href } };
    fetch('/tracking/v4/events/custom', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(visited) });
    fetch(`/recommendations/v2/recommend/campaigns/similar?clientUUID=${uuid}`);
    addEventListener('pagehide', () => {
      navigator.sendBeacon('/tracking/last', JSON.stringify({ action: 'session.end', clientUUID: visitor.uuid, params: { ssuid } }));
    });
  }

  function save() {
    const { host, permUuid, uuid, identityHash, ...rest } = visitor;
    // `?cookiesfor=SECONDS`: short-lived cookies, which can be watched as they expire.
    const seconds = Number(query.get('cookiesfor') ?? (options.cookieExpiration ?? 400) * DAY);
    write('_snrs_uuid', uuid, seconds);
    write('_snrs_puuid', permUuid, seconds);
    write('_snrs_p', formatPairs({ host, permUuid, uuid, identityHash, ...rest }), seconds);
    window.SyneriseTC = { uuid, trackerUID: options.trackerKey };
  }

  function become(changes) {
    // Nothing happens before `init`.
    if (!visitor) return;
    Object.assign(visitor, changes);
    save();
  }

  /** A different identifier in the same browser means a different customer. */
  function identify(identifier) {
    const identityHash = hashOf(identifier);
    const another = visitor?.identityHash && visitor.identityHash !== identityHash;
    become({ identityHash, ...(another && { uuid: crypto.randomUUID() }) });
  }

  const client = {
    setUuid(uuid) {
      become({ uuid, identityHash: '' });
    },
    setUuidAndIdentityHash(uuid, identityHash) {
      become({ uuid, identityHash });
    },
    getIdentityHash: () => visitor?.identityHash ?? '',
    hashIdentity: (identifier) => hashOf(identifier),
    setAccessToken(token) {
      jwt = token;
    },
    clearAccessToken() {
      jwt = null;
    },
    getCurrentClient: () => visitor?.uuid ?? '',
    update(_params, _label) {},
    notify() {},
  };
  const tokens = {
    getAccessToken: () => jwt,
    clearAccessToken() {
      jwt = null;
    },
  };
  const event = {
    async pageVisit(_params) {},
    trackCustomEvent(_action, _params, _label) {},
    sendFormData(_formType, data, _mapping) {
      const identifier = data?.email ?? data?.custom_identify;
      if (identifier) identify(identifier);
    },
  };
  const sdk = {
    init(given) {
      return new Promise((resolve) => {
        after('init', 30, () => {
          options = given;
          visit();
          resolve();
        });
      });
    },
    client,
    jwt: tokens,
    event,
  };
  standIn({
    dialect: 'web',
    layers: [sdk, client, tokens, event],
    getters: ['getIdentityHash', 'hashIdentity', 'getCurrentClient', 'getAccessToken'],
    held: () => ({
      uuid: visitor?.uuid ?? null,
      signedIn: jwt !== null && (read(jwt).expiresAt ?? Infinity) > Date.now(),
      account: read(jwt).account,
      // A site token has no origin.
      token: jwt === null ? null : { raw: jwt, origin: null, expiresAt: read(jwt).expiresAt },
    }),
    convention: CONVENTION,
  });
  return sdk;
}

/** Replaces the snippet's array, and calls the callback that the snippet named. */
export function install(sdk) {
  const namespace = window.SyneriseObjectNamespace;
  const { _l } = window[namespace];
  window[namespace] = sdk;
  window[_l]?.();
}
