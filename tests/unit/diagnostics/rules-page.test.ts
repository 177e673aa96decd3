// Rules about the SDK in the page: facts §3.1, §5 (32, 33, 36).
import { describe } from 'vitest';
import type { ClientInfo } from '@/lib/page/wire';
import { client, listed, MINUTE, ORIGIN } from '../fakes/make';
import { absent, ago, documentEntry, type Given, type Loose, native, request, SECOND, TRACKER_KEY, web } from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const SR = client({ dialect: 'web', place: 'SR', version: null });
const first = client();
const second = client({ ref: 2, place: 'bundle.Synerise.Client' });
const shows = (clients: readonly ClientInfo[], session: Given['session'] = {}) => native({ session: { page: { clients }, ...session } });

const OTHER_KEY = 'bbbbbbbb-2222-4222-8222-222222222222';
const keys = (inPage: readonly string[] | null, held: string | null) =>
  web({ customer: { facts: { identityHash: '', trackerKey: held } }, session: { page: { keys: inPage ?? [] } } });

/** `count` changes of the URL, ten seconds apart, the first nine minutes ago. */
const moves = (count: number): Loose[] =>
  [...Array(count).keys()].map((index) => documentEntry(ago(9 * MINUTE) + index * 10 * SECOND, `/p${index}`, 'within'));
const VISIT = request(ago(10 * MINUTE), 'event');
const app = (...entries: Loose[]) => web({ entries });

const table = [
  speaks('sdk-not-initialised', 'an SDK that waits for init', absent({ ...SR, state: 'not-initialised' }), 'SR isn’t initialized.'),
  silent(
    'sdk-not-initialised',
    'while the search is running',
    absent(null, { session: { stage: { phase: 'searching', candidate: { ...SR, state: 'not-initialised' } } } }),
  ),
  silent('sdk-not-initialised', 'another SDK in the page is shown', shows([first, { ...SR, ref: 2, state: 'not-initialised' }])),
  silent('sdk-not-initialised', 'no SDK in the page', absent(null)),

  speaks('snippet-without-sdk', "the snippet's array", absent({ ...SR, state: 'not-loaded' }), 'SR is still the snippet’s array.'),
  silent(
    'snippet-without-sdk',
    'while the search is running',
    absent(null, { session: { stage: { phase: 'searching', candidate: { ...SR, state: 'not-loaded' } } } }),
  ),
  silent('snippet-without-sdk', 'an SDK that loaded but is not initialized', absent({ ...SR, state: 'not-initialised' })),

  speaks('sdk-loaded-twice', 'two bundles', shows([first, second]), 'At Synerise.Client and bundle.Synerise.Client.'),
  silent('sdk-loaded-twice', 'two dialects', shows([first, { ...SR, ref: 2 }])),
  silent('sdk-loaded-twice', 'the second is not ready', shows([first, { ...second, state: 'not-initialised' }])),
  silent(
    'sdk-loaded-twice',
    'one in each of two documents',
    shows([first], { tab: { listing: [listed('doc-1', null), listed('doc-2', 'f1', [client()], ORIGIN)] } }),
  ),

  speaks('two-tracker-keys', 'two in the scripts', keys([TRACKER_KEY, OTHER_KEY], TRACKER_KEY), [
    `${TRACKER_KEY} (used by the SDK).`,
    `${OTHER_KEY}.`,
  ]),
  speaks('two-tracker-keys', 'a different key in the script and in the SDK', keys([OTHER_KEY], TRACKER_KEY), OTHER_KEY),
  silent('two-tracker-keys', 'the same key twice', keys([TRACKER_KEY, TRACKER_KEY], TRACKER_KEY)),
  silent('two-tracker-keys', 'no key in the scripts', keys(null, TRACKER_KEY)),
  silent('two-tracker-keys', 'no key in the SDK', keys([TRACKER_KEY], null)),

  speaks(
    'place-without-sdk',
    'a place from the settings',
    native({ session: { page: { strays: ['app.synerise'] } } }),
    'No SDK at app.synerise.',
  ),
  silent('place-without-sdk', 'every place has an SDK', native()),

  speaks(
    'spa-without-page-visit',
    'three changes, and no event since',
    app(VISIT, ...moves(3)),
    '3 URL changes and no event since the first.',
    2,
    3,
    4,
  ),
  speaks(
    'spa-without-page-visit',
    'three changes since the page was loaded',
    app(...moves(1), documentEntry(ago(9 * MINUTE), '/', 'reload'), VISIT, ...moves(3)),
    '3 URL changes',
    4,
    5,
    6,
  ),
  silent('spa-without-page-visit', 'two changes', app(VISIT, ...moves(2))),
  silent('spa-without-page-visit', 'events are sent', app(VISIT, ...moves(3), request(ago(MINUTE), 'event'))),
  silent('spa-without-page-visit', 'no event was ever captured', app(...moves(3))),
  silent('spa-without-page-visit', 'a native SDK', native({ entries: [VISIT, ...moves(3)] })),
  silent('spa-without-page-visit', 'full page loads', app(VISIT, ...moves(3).map((one) => ({ ...one, by: 'navigate' }) as Loose))),

  // Which of several entries counts, and which do not.
  speaks(
    'sdk-loaded-twice',
    'with another SDK next to them',
    shows([first, second, { ...SR, ref: 3 }], { tab: { listing: [listed('doc-2', 'f1', [client({ place: 'frame' })], ORIGIN)] } }),
    'At Synerise.Client and bundle.Synerise.Client.',
  ),
  speaks(
    'spa-without-page-visit',
    'a different entry in between is not a change of the URL',
    app(VISIT, ...moves(3), { kind: 'alarm', at: ago(MINUTE), expiresAt: null }),
    '3 URL changes',
    2,
    3,
    4,
  ),
  silent('spa-without-page-visit', 'an event together with the first change', app(VISIT, ...moves(3), request(ago(9 * MINUTE), 'event'))),
  silent('spa-without-page-visit', 'no event before the first change', app(...moves(3), request(ago(9 * MINUTE), 'search'))),
];

describe('the SDK in the page', () => tests(table, TOPICS.page));
