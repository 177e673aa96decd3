// Rules about UUIDs: facts §2.1, §2.2, §3.4 to §3.6, §5 (1, 6, 15, 16, 26 to 31).
import { describe } from 'vitest';
import { identityHash, uuidOf } from '@/lib/web/recipes';
import { client, MINUTE } from '../fakes/make';
import {
  absent,
  ago,
  call,
  cause,
  cookiesOf,
  EMAIL,
  failedCall,
  HOUR,
  identityEntry,
  type Loose,
  NOW,
  native,
  OTHER_EMAIL,
  OTHER_UUID,
  operation,
  request,
  SECOND,
  signedIn,
  TRACKER_KEY,
  theirToken,
  tokenEntry,
  UUID,
  uuid5,
  uuidEntry,
  WEB_UUID,
  web,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const THEIRS = theirToken(ago(50 * MINUTE), 'f1', '434');
const ANOTHERS = theirToken(ago(10 * MINUTE), 'f2', '999');
const SINCE = uuidEntry(ago(HOUR), UUID);
const customers = (...entries: Loose[]) => signedIn({ entries });
const holds = (uuid: string) => native({ customer: { uuid } });
const trouble = (text: string) => native({ customer: { uuid: null, trouble: text } });

/** `count` changes, `every` ms apart, the last a minute ago. */
const churn = (count: number, every: number, kind: Parameters<typeof cause>[0] = 'unknown') =>
  native({
    entries: [...Array(count).keys()].map((index) =>
      uuidEntry(ago(MINUTE) - (count - 1 - index) * every, `${index}7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b`, { cause: cause(kind) }),
    ),
  });

const at = (path: string) => web({ session: { page: { path } } });
const cameBy = (...causes: ReturnType<typeof cause>[]) =>
  web({ entries: causes.map((one, index) => uuidEntry(ago(HOUR) + index * MINUTE, WEB_UUID, { cause: one })) });

const sylius = uuidOf('sylius', { identifier: EMAIL, salt: '', namespace: '' }) ?? '';
const account = (uuid: string, value: Record<string, string>) =>
  ({ history: { account: { at: NOW, uuid, identity: 'unknown', clientId: null, value } } }) as const;

const names = (uuid: string, ms: number, purpose = 'event', ...more: Loose[]) =>
  native({ entries: [SINCE, ...more, request(ago(ms), purpose, { uuid })] });
/** Changed ten minutes ago, and observed at that time unless `after` is earlier. */
const changed = (ms: number, after = ago(10 * MINUTE)) =>
  native({
    entries: [
      uuidEntry(ago(HOUR), OTHER_UUID),
      uuidEntry(ago(10 * MINUTE), UUID, { after, cause: cause('call') }),
      request(ago(ms), 'search', { uuid: OTHER_UUID }),
    ],
  });

const hash = (text: string) => ({ identityHash: identityHash(text), trackerKey: TRACKER_KEY });

const regenerated = (...entries: Loose[]) => signedIn({ entries: [SINCE, ...entries] });
const FAILED = operation(ago(MINUTE), 'regenerateUUID', { verdict: 'refused' });

const table = [
  speaks(
    'same-uuid-for-another-customer',
    'two client IDs',
    customers(SINCE, THEIRS, ANOTHERS),
    ['434 at 2027-01-15 08:10:00 UTC, for 999 at 2027-01-15 08:50:00 UTC.', UUID],
    2,
    3,
  ),
  speaks(
    'same-uuid-for-another-customer',
    'with a sign-out in between',
    customers(SINCE, THEIRS, tokenEntry(ago(30 * MINUTE), 'f0'), ANOTHERS),
    '434',
    2,
    4,
  ),
  silent(
    'same-uuid-for-another-customer',
    'the UUID changed in between',
    customers(uuidEntry(ago(HOUR), OTHER_UUID), THEIRS, uuidEntry(ago(20 * MINUTE), UUID), ANOTHERS),
  ),
  silent(
    'same-uuid-for-another-customer',
    'a refreshed token of the same customer',
    customers(SINCE, THEIRS, theirToken(ago(10 * MINUTE), 'f2', '434')),
  ),
  silent('same-uuid-for-another-customer', 'anonymous before', customers(SINCE, tokenEntry(ago(HOUR), 'f0', { whom: '17' }), ANOTHERS)),
  silent('same-uuid-for-another-customer', 'no customer shown', absent(client(), { entries: [SINCE, THEIRS, ANOTHERS] })),

  speaks('uuid-version', 'version 1', holds('5e3e1f10-8c4b-11ee-b9d1-0242ac120002'), 'is v1.'),
  speaks('uuid-version', 'not a valid UUID', holds('customer-17'), '“customer-17” isn’t a valid UUID.'),
  silent('uuid-version', 'version 4', holds(UUID)),
  silent('uuid-version', 'version 5', holds(WEB_UUID)),
  silent('uuid-version', 'an empty UUID', holds('')),

  speaks('uuid-unreadable', 'a getter that throws', trouble('threw The SDK is not initialized'), 'threw The SDK is not initialized'),
  silent('uuid-unreadable', 'not set yet', trouble('empty')),
  silent('uuid-unreadable', 'a readable UUID', native()),

  speaks('uuid-churn', 'four changes within ten minutes', churn(4, 3 * MINUTE), '4 changes since 2027-01-15 08:50:00 UTC.', 1, 2, 3, 4),
  silent('uuid-churn', 'three changes', churn(3, MINUTE)),
  silent('uuid-churn', 'four changes, the first of which is too old', churn(4, 3 * MINUTE + SECOND)),
  silent('uuid-churn', 'four operations run here', churn(4, MINUTE, 'operation')),
  silent('uuid-churn', 'four page loads under Do Not Track', churn(4, MINUTE, 'do-not-track')),
  silent('uuid-churn', 'four customers who signed in one after another', churn(4, MINUTE, 'sign-in')),

  ...['snrs_cl', 'snrs_he', 'snrs_reset_uuid'].map((name) =>
    speaks('uuid-in-url', name, at(`/sale?a=1&${name}=x#top`), `The URL has ${name}.`),
  ),
  speaks('uuid-in-url', 'two parameters', at('/?snrs_he=1&snrs_cl=2'), 'snrs_cl, snrs_he'),
  silent('uuid-in-url', 'a parameter that only names the campaign', at('/?snrs_ca=1&x_snrs_cl=2')),
  silent('uuid-in-url', 'a parameter in the fragment', at('/#?snrs_cl=2')),
  silent('uuid-in-url', 'no query', at('/snrs_cl=2')),

  speaks(
    'uuid-from-link',
    'the current UUID',
    cameBy(cause('first'), cause('link', 'snrs_cl')),
    `At 2027-01-15 08:01:00 UTC, by snrs_cl: ${WEB_UUID}.`,
    2,
  ),
  silent('uuid-from-link', 'the UUID has changed since', cameBy(cause('link', 'snrs_cl'), cause('call', 'setUuid()'))),
  silent('uuid-from-link', 'a reset cookie', cameBy(cause('first'), cause('reset-cookie', '_snrs_reset_uuid'))),

  speaks('uuid-recipes-differ', 'the token uses a different recipe', web({ token: { claims: { uuid: sylius } } }), [
    `gives ${WEB_UUID} by recipe docs.`,
    `gives ${sylius} by recipe sylius.`,
  ]),
  speaks(
    'uuid-recipes-differ',
    'the account uses a different recipe',
    web({ session: account(WEB_UUID, { uuid: sylius }) }),
    `gives ${sylius} by recipe sylius.`,
  ),
  speaks(
    'uuid-recipes-differ',
    'the account uses an unknown recipe',
    web({ session: account(WEB_UUID, { uuid: uuid5('salted') }) }),
    `Account UUID: ${uuid5('salted')}.`,
  ),
  silent('uuid-recipes-differ', 'the same UUID everywhere', web({ session: account(WEB_UUID, { uuid: WEB_UUID.toUpperCase() }) })),
  silent('uuid-recipes-differ', 'a random UUID in the SDK', web({ customer: { uuid: UUID }, token: { claims: { uuid: sylius } } })),
  silent('uuid-recipes-differ', 'a stale token', web({ token: { claims: { uuid: sylius }, stale: true } })),
  silent('uuid-recipes-differ', 'the account of another customer', web({ session: account(OTHER_UUID, { uuid: sylius }) })),

  speaks(
    'request-names-another-uuid',
    'an event',
    names(OTHER_UUID, MINUTE),
    [`1 request with a different UUID, last at 2027-01-15 08:59:00 UTC: ${OTHER_UUID}.`, `SDK UUID: ${UUID}.`],
    2,
  ),
  speaks(
    'request-names-another-uuid',
    'two requests',
    names(OTHER_UUID, MINUTE, 'search', request(ago(2 * MINUTE), 'event', { uuid: OTHER_UUID })),
    '2 requests with a different UUID',
    2,
    3,
  ),
  speaks('request-names-another-uuid', 'a copy of the UUID from before the change', changed(9 * MINUTE), OTHER_UUID, 3),
  silent('request-names-another-uuid', 'the current UUID', names(UUID.toUpperCase(), MINUTE)),
  silent('request-names-another-uuid', 'a request without a UUID', native({ entries: [SINCE, request(ago(MINUTE), 'event')] })),
  silent('request-names-another-uuid', 'a login, which has its own rule', names(OTHER_UUID, MINUTE, 'login')),
  silent('request-names-another-uuid', 'sent right after the change', changed(10 * MINUTE - SECOND)),
  silent('request-names-another-uuid', 'sent before the change', changed(20 * MINUTE)),
  silent('request-names-another-uuid', 'it changed while the page was not observed', changed(20 * MINUTE, ago(30 * MINUTE))),
  silent(
    'request-names-another-uuid',
    'before the first UUID was observed',
    native({ entries: [request(ago(HOUR / 2), 'event', { uuid: OTHER_UUID }), uuidEntry(ago(MINUTE))] }),
  ),

  speaks('identity-hash-of-another', "another customer's email", web({ customer: { facts: hash(OTHER_EMAIL) } }), [
    'SDK: 56213058.',
    `${EMAIL} (token claim email): -374943845.`,
  ]),
  speaks(
    'identity-hash-of-another',
    'only in the cookie',
    web({ customer: { facts: {}, cookies: cookiesOf(WEB_UUID, '56213058') } }),
    '56213058',
  ),
  silent('identity-hash-of-another', "the customer's own hash", web()),
  silent(
    'identity-hash-of-another',
    'the hash of the normalized email',
    web({ token: { claims: { email: ` ${EMAIL.toUpperCase()} ` } }, customer: { facts: hash(EMAIL) } }),
  ),
  silent(
    'identity-hash-of-another',
    'the hash of the custom ID',
    web({ token: { claims: { customId: 'c-17' } }, customer: { facts: hash('c-17') } }),
  ),
  silent('identity-hash-of-another', 'no hash', web({ customer: { facts: { ...hash(''), identityHash: '' } } })),
  silent('identity-hash-of-another', 'no identifier known', web({ token: null, customer: { facts: hash(OTHER_EMAIL) } })),

  speaks(
    'regenerate-while-signed-in',
    'a call that had no effect',
    regenerated(call(ago(MINUTE), 'regenerateUUID')),
    'regenerateUUID() at 2027-01-15 08:59:00 UTC changed nothing.',
    2,
  ),
  speaks(
    'regenerate-while-signed-in',
    'with a seed, run here',
    regenerated({ ...FAILED, operation: 'regenerateUUIDWithClientIdentifier' } as Loose),
    'regenerateUUIDWithClientIdentifier()',
    2,
  ),
  silent('regenerate-while-signed-in', 'an anonymous customer', native({ entries: [SINCE, call(ago(MINUTE), 'regenerateUUID')] })),
  silent(
    'regenerate-while-signed-in',
    'the UUID changed anyway',
    regenerated(call(ago(MINUTE), 'regenerateUUID'), uuidEntry(ago(MINUTE) + SECOND, UUID)),
  ),
  silent(
    'regenerate-while-signed-in',
    'signed in since',
    regenerated(call(ago(MINUTE), 'regenerateUUID'), identityEntry(ago(30 * SECOND), 'anonymous', 'signed-in')),
  ),
  silent('regenerate-while-signed-in', 'a call that threw', regenerated(failedCall(ago(MINUTE), 'regenerateUUID'))),

  speaks('do-not-track', 'on by the setting', native({ customer: { facts: { doNotTrack: true } } }), 'doNotTrack is true.'),
  speaks(
    'do-not-track',
    "on by the token's origin",
    native({ token: { says: { origin: 'INCOGNITO' } } }),
    'The token’s origin is INCOGNITO.',
  ),
  speaks(
    'do-not-track',
    'on by its effect',
    web({ customer: { facts: { doNotTrack: 'likely' } } }),
    'New UUID on page load and no SDK cookie. Blocked cookies look the same.',
  ),
  silent('do-not-track', 'off', native({ customer: { facts: { doNotTrack: false } } })),
  silent('do-not-track', "a stale token's origin", native({ token: { says: { origin: 'INCOGNITO' }, stale: true } })),

  // Which of several entries counts, and which do not.
  speaks(
    'identity-hash-of-another',
    'with the hash of the email as written',
    web({ token: { claims: { email: EMAIL.toUpperCase() } }, customer: { facts: hash(OTHER_EMAIL) } }),
    `: ${identityHash(EMAIL.toUpperCase())}.`,
  ),
  silent(
    'regenerate-while-signed-in',
    'the UUID changed within three seconds',
    regenerated(call(ago(MINUTE), 'regenerateUUID'), uuidEntry(ago(MINUTE) + 200 + 3 * SECOND, UUID)),
  ),
  speaks(
    'regenerate-while-signed-in',
    'a later change has another cause',
    regenerated(call(ago(MINUTE), 'regenerateUUID'), uuidEntry(ago(MINUTE) + 201 + 3 * SECOND, UUID)),
    'changed nothing',
    2,
  ),
  silent(
    'regenerate-while-signed-in',
    'signed out since',
    native({ entries: [SINCE, call(ago(MINUTE), 'regenerateUUID'), identityEntry(ago(30 * SECOND), 'signed-in', 'anonymous')] }),
  ),
  silent('request-names-another-uuid', 'two seconds after the change', changed(10 * MINUTE - 2 * SECOND)),
  speaks('request-names-another-uuid', 'three seconds after the change', changed(10 * MINUTE - 3 * SECOND), OTHER_UUID, 3),
  silent(
    'request-names-another-uuid',
    'the new UUID, a second before the change was observed',
    native({
      entries: [
        uuidEntry(ago(HOUR), OTHER_UUID),
        request(ago(10 * MINUTE) - SECOND, 'event', { uuid: UUID }),
        uuidEntry(ago(10 * MINUTE), UUID),
      ],
    }),
  ),
  speaks(
    'same-uuid-for-another-customer',
    'the latest two',
    customers(SINCE, THEIRS, theirToken(ago(30 * MINUTE), 'f3', '17'), ANOTHERS),
    '17 at 2027-01-15 08:30:00 UTC, for 999',
    3,
    4,
  ),
  speaks('uuid-version', 'truncated to a readable length', holds('c'.repeat(150)), `“${'c'.repeat(100)}” isn’t a valid UUID.`),
];

describe('UUIDs', () => tests(table, TOPICS.uuid));
