// Rules about the Web SDK's cookies: facts §3.3, §3.8, §5 (27, 29, 35).
import { describe } from 'vitest';
import { identityHash } from '@/lib/web/recipes';
import { MINUTE } from '../fakes/make';
import {
  ago,
  cookiesOf,
  DAY,
  documentEntry,
  EMAIL,
  type Given,
  jarOf,
  type Loose,
  NOW,
  native,
  OTHER_UUID,
  storage,
  THIRD_UUID,
  WEB_COOKIES,
  WEB_UUID,
  web,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const HASH = identityHash(EMAIL);
const has = (cookies: readonly string[], given: Given = {}) => web({ ...given, customer: { cookies } });
/** The healthy cookies with `text` in place of the field `key` of `_snrs_p`. */
const withState = (key: string, text: string) =>
  WEB_COOKIES.map((pair) => (pair.startsWith('_snrs_p=') ? pair.replace(new RegExp(`${key}:[^&]*`), text) : pair));
const jar = (cookies = jarOf(WEB_COOKIES), given: Given = {}) => web({ ...given, session: { visit: { jar: cookies } } });
const twice = [...jarOf([`_snrs_uuid=${OTHER_UUID}`], { domain: 'www.shop.example', path: '/cart' }), ...jarOf(WEB_COOKIES)];
const kept = (expiresAt: number | null) => jar(jarOf(WEB_COOKIES, { expiresAt }));
const hidden = (name: string, httpOnly = true) => ({ name, httpOnly, domain: '.shop.example', path: '/' });

const RESET = `_snrs_reset_uuid=${OTHER_UUID}`;
const waits = (entries: readonly Loose[], given: Given = {}) => has([...WEB_COOKIES, RESET], { ...given, entries });
const WRITTEN = storage(ago(5 * MINUTE), '_snrs_reset_uuid', OTHER_UUID);
const pair = (value: string) => has([...WEB_COOKIES, `_snrs_reset_uuid_and_identity_hash=${value}`]);

const table = [
  speaks('cookie-not-the-sdk-uuid', 'a different UUID', has(cookiesOf(OTHER_UUID, HASH)), `but the SDK uses ${WEB_UUID}`),
  silent('cookie-not-the-sdk-uuid', 'the same UUID', web()),
  silent('cookie-not-the-sdk-uuid', 'a cookie that scripts cannot read', has(WEB_COOKIES.slice(1))),
  silent('cookie-not-the-sdk-uuid', 'a native SDK', native({ customer: { cookies: cookiesOf(OTHER_UUID) } })),

  speaks('cookies-disagree', 'a different UUID in the state', has(withState('uuid', `uuid:${OTHER_UUID}`)), '_snrs_uuid ≠ _snrs_p.uuid'),
  speaks(
    'cookies-disagree',
    'a different first UUID',
    has(withState('permUuid', `permUuid:${THIRD_UUID}`)),
    '_snrs_puuid ≠ _snrs_p.permUuid',
  ),
  silent('cookies-disagree', 'a UUID that was reset, which keeps the first one', has(cookiesOf(WEB_UUID, HASH, OTHER_UUID))),
  silent('cookies-disagree', 'all the same', web()),

  speaks(
    'duplicate-cookies',
    'in document.cookie',
    has([...WEB_COOKIES, `_snrs_uuid=${OTHER_UUID}`]),
    'Duplicate _snrs_uuid with different values',
  ),
  speaks(
    'duplicate-cookies',
    "in the browser's cookie jar",
    jar(twice),
    '_snrs_uuid exists 2 times: on www.shop.example/cart and .shop.example/.',
  ),
  silent('duplicate-cookies', 'each once', jar()),
  silent('duplicate-cookies', 'a cookie with a different name', has([...WEB_COOKIES, '_snrs_cid=0'])),

  speaks(
    'reset-cookie-waits',
    'present before the page was loaded',
    waits([storage(ago(6 * MINUTE), '_snrs_reset_uuid', OTHER_UUID), documentEntry(ago(5 * MINUTE))]),
    '_snrs_reset_uuid is applied at the next SDK init',
    1,
  ),
  speaks('reset-cookie-waits', 'present from the start', waits([]), '_snrs_reset_uuid is applied'),
  silent('reset-cookie-waits', 'written since the page was loaded', waits([documentEntry(ago(6 * MINUTE)), WRITTEN])),
  silent('reset-cookie-waits', 'consumed', has(WEB_COOKIES, { entries: [WRITTEN, documentEntry(ago(MINUTE))] })),

  speaks(
    'reset-cookie-malformed',
    'in quotes',
    has([...WEB_COOKIES, `_snrs_reset_uuid="${OTHER_UUID}"`]),
    `_snrs_reset_uuid is “"${OTHER_UUID}"”.`,
  ),
  speaks('reset-cookie-malformed', 'without the hash', pair(OTHER_UUID), `_snrs_reset_uuid_and_identity_hash is “${OTHER_UUID}”.`),
  speaks('reset-cookie-malformed', 'an email in place of the hash', pair(`${OTHER_UUID}:a@b.pl`), 'a@b.pl'),
  silent('reset-cookie-malformed', 'a bare UUID', has([...WEB_COOKIES, RESET])),
  silent('reset-cookie-malformed', 'a UUID and a negative hash', pair(`${OTHER_UUID}:-374943845`)),

  speaks(
    'uuid-cookie-http-only',
    'as the browser lists it',
    jar([...jarOf(WEB_COOKIES.slice(1)), hidden('_snrs_uuid')]),
    '_snrs_uuid on .shop.example is HttpOnly.',
  ),
  speaks(
    'uuid-cookie-http-only',
    'as a server set it',
    web({ set: [{ name: '_snrs_uuid', httpOnly: true, host: 'shop.example' }] }),
    'on shop.example',
  ),
  silent('uuid-cookie-http-only', 'a different cookie', web({ set: [hidden('_snrs_puuid')] })),
  silent('uuid-cookie-http-only', 'set by a server, readable', web({ set: [hidden('_snrs_uuid', false)] })),
  silent('uuid-cookie-http-only', 'the browser now lists it as readable', jar(jarOf(WEB_COOKIES), { set: [hidden('_snrs_uuid')] })),

  speaks(
    'cookies-missing',
    'neither scripts nor the browser see them',
    has([], { session: { visit: { jar: [] } } }),
    'Missing: _snrs_uuid, _snrs_puuid, _snrs_p.',
  ),
  silent('cookies-missing', 'no permission to read the cookie jar', has([])),
  silent(
    'cookies-missing',
    'cookies that scripts cannot read',
    has([], { session: { visit: { jar: jarOf(WEB_COOKIES, { httpOnly: true }) } } }),
  ),
  silent('cookies-missing', 'the SDK has no UUID yet', web({ customer: { uuid: null, cookies: [] }, session: {}, facts: { jar: [] } })),

  speaks('uuid-cookie-short-lived', 'seven days', kept(NOW + 7 * DAY), 'Expires in 7 days.'),
  speaks('uuid-cookie-short-lived', 'a session cookie', kept(null), 'Deleted when the browser closes.'),
  silent('uuid-cookie-short-lived', 'eight days', kept(NOW + 8 * DAY)),
  silent('uuid-cookie-short-lived', 'no permission to read the cookie jar', web()),

  speaks('old-cookies', 'emailHash', has(withState('identityHash', `emailHash:${HASH}`)), 'emailHash, the legacy name of identityHash'),
  speaks('old-cookies', 'init undefined', has(withState('init', 'init:undefined')), '_snrs_p.init is "undefined"'),
  silent('old-cookies', 'the current format', web()),

  // Which of several cookies counts, and which do not.
  speaks(
    'reset-cookie-malformed',
    'truncated to a readable length',
    has([...WEB_COOKIES, `_snrs_reset_uuid=${'x'.repeat(200)}`]),
    `is “${'x'.repeat(80)}”.`,
  ),
  speaks(
    'reset-cookie-malformed',
    'both cookies',
    has([...WEB_COOKIES, '_snrs_reset_uuid=x', `_snrs_reset_uuid_and_identity_hash=${'y'.repeat(200)}`]),
    ['_snrs_reset_uuid is “x”.', `“${'y'.repeat(80)}”.`],
  ),
  speaks(
    'reset-cookie-waits',
    'written before the latest of two page loads',
    waits([documentEntry(ago(6 * MINUTE)), WRITTEN, documentEntry(ago(4 * MINUTE))]),
    '_snrs_reset_uuid is applied',
    2,
  ),
  silent(
    'uuid-cookie-short-lived',
    'a different cookie is short-lived',
    jar([...jarOf(WEB_COOKIES.slice(2), { expiresAt: NOW + DAY }), ...jarOf(WEB_COOKIES.slice(0, 2))]),
  ),
];

describe('cookies', () => tests(table, TOPICS.cookies));
