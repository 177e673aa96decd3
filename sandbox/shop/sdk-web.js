// The Web SDK as it stands on a page once its script is there (notes §3): no session methods, but UUID, identity hash,
// a slot for the site's own JWT, `SyneriseTC` beside it, and its state in `_snrs_*` cookies.
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

/** Of several cookies of one name the last, as whoever makes an object of them has it. */
const readCookie = (name) =>
  document.cookie
    .split('; ')
    .findLast((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);

function writeCookie(name, value, seconds, domain) {
  const place = `; path=${query.get('cookiepath') ?? '/'}${domain ? `; domain=${domain}` : ''}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookies are the stand-in's matter, and Cookie Store is not everywhere
  document.cookie = `${name}=${value}${place}; max-age=${seconds}`;
}

/** `key:value` pairs joined with `&`; a value may hold further colons. */
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

/** When a JWT ends (ms), and whose it is; `null` where nobody can tell. */
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
  /** What `_snrs_p` and its neighbors hold; `null` before `init`. */
  let visitor = null;
  let jwt = null;

  // `?dnt`: the site's Do Not Track cookie is there (notes §8).
  const write = (name, value, seconds) => query.has('dnt') || writeCookie(name, value, seconds, options.domain);
  const forget = (name) => {
    // Whoever wrote it may have named no domain.
    writeCookie(name, '', 0, options.domain);
    writeCookie(name, '', 0);
  };

  /** A UUID that this page load was told to take, and by whom: site, link or inspector. */
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
    // A campaign's link switches the browser to its customer.
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
      // A reset leaves the first UUID of the browser as it is.
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

  /** `?events`: what the site sends of a visit (notes §3.6): the visit itself, a recommendation, and a last event as the page goes. */
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
    // `?cookiesfor=SECONDS`: they end while somebody looks.
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

  /** Another identifier in the same browser is another customer. */
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
      // A site's JWT says nothing of an origin.
      token: jwt === null ? null : { raw: jwt, origin: null, expiresAt: read(jwt).expiresAt },
    }),
    convention: CONVENTION,
  });
  return sdk;
}

/** Takes the place of the snippet's array, and calls the function that the snippet named. */
export function install(sdk) {
  const namespace = window.SyneriseObjectNamespace;
  const { _l } = window[namespace];
  window[namespace] = sdk;
  window[_l]?.();
}
