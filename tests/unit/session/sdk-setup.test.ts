// The SDK's setup: its state, how it was loaded and its options, in one list for all views.
import { describe, expect, it } from 'vitest';
import type { ClientInfo } from '@/lib/page/wire';
import { type SdkFacts, type SdkState, setupOf } from '@/lib/session/sdk-setup';
import { NEW_PAGE, type PageState } from '@/lib/session/session';
import { setupText } from '@/lib/session/setup-words';
import { client, loadedOf, loadedPage, ORIGIN, T0 } from '../fakes/make';
import { story } from '../fakes/story';

const web = (over: Partial<ClientInfo> = {}): ClientInfo => client({ dialect: 'web', place: 'SR', version: null, ...over });
const facts = (over: Partial<SdkFacts> = {}, on: Partial<PageState> = {}): SdkFacts => {
  const sdk = over.sdk === undefined ? web() : over.sdk;
  return { phase: 'attached', clients: sdk ? [sdk] : [], customer: null, ...over, sdk, page: { ...NEW_PAGE, load: 'loaded', ...on } };
};
const waiting = web({ ref: 0, state: 'not-loaded' });
const script = { address: 'https://web.snrbox.com/synerise-javascript-sdk.min.js', from: null, took: null };

describe('the state', () => {
  it.each<[what: string, state: SdkState | null, over: Partial<SdkFacts>, on?: Partial<PageState>]>([
    ['a shown SDK', 'ready', {}],
    ['an SDK on a page that is loading', 'loading', { phase: 'searching', sdk: web({ state: 'not-initialised' }) }],
    ['an SDK that was never initialized', 'not-initialized', { phase: 'absent', sdk: web({ state: 'not-initialised' }) }],
    ['a queue on a page that is loading', 'loading', { phase: 'searching', sdk: waiting }, { scripts: [script] }],
    ['a script that never answers', 'stalled', { phase: 'absent', sdk: waiting }, { load: 'stuck', scripts: [script] }],
    ['a page that hangs, without a known script', 'blocked', { phase: 'absent', sdk: waiting }, { load: 'stuck' }],
    ['a script that failed', 'blocked', { phase: 'absent', sdk: waiting }, { scripts: [{ ...script, from: 10, took: 5 }] }],
    [
      'a script that failed, while something else hangs',
      'blocked',
      { phase: 'absent', sdk: waiting },
      { load: 'stuck', scripts: [{ ...script, from: 10, took: 5 }] },
    ],
    ['a script refused by the policy', 'blocked', { phase: 'absent', sdk: waiting }, { scripts: [script] }],
    [
      'a snippet held by a consent tool',
      'waiting-for-consent',
      { phase: 'absent', sdk: null },
      { idle: [{ why: 'type', type: 'text/plain' }] },
    ],
    ['a snippet for a worker', 'out-of-reach', { phase: 'absent', sdk: null }, { idle: [{ why: 'worker', type: 'text/partytown' }] }],
    ['a snippet in a template', 'not-started', { phase: 'absent', sdk: null }, { idle: [{ why: 'template', type: '' }] }],
    ['a snippet that did not run', 'blocked', { phase: 'absent', sdk: null }, { idle: [{ why: 'blocked', type: '' }] }],
    ['no SDK', null, { phase: 'absent', sdk: null }],
    ['an unreachable page', null, { phase: 'unreachable', sdk: null }],
  ])('of %s is %s', (_what, state, over, on) => {
    expect(setupOf(facts(over, on))?.state ?? null).toBe(state);
  });
});

describe('the tracker key', () => {
  const other = web({ ref: 2, place: 'Other' });
  const inits = [
    { of: 'SR', options: { trackerKey: 'one', disableWebPush: true } },
    { of: 'Other', options: { trackerKey: 'two' } },
  ];
  const held = { facts: { trackerKey: 'two' } };
  it("is each client's own, even though both report the last one", () => {
    const of = (sdk: ClientInfo) => setupOf(facts({ sdk, clients: [web(), other], customer: held }, { inits }));
    expect(of(web())).toMatchObject({ keys: ['one'], sharedWith: [], options: { disableWebPush: true } });
    expect(of(other)).toMatchObject({ keys: ['two'], sharedWith: [], options: {} });
  });
  it('is marked as shared if no script shows whose it is', () => {
    const told = setupText(facts({ clients: [web(), other], customer: held }));
    expect(told?.setup).toMatchObject({ keys: ['two'], sharedWith: ['Other'] });
    expect(told?.rows).toContainEqual(['Tracker key', 'two · from SyneriseTC, shared by SR and Other']);
    expect(told?.rows).toContainEqual(['Also on this page', 'Other (Web SDK)']);
  });
  it('is known before the SDK is ready', () => {
    expect(setupOf(facts({ phase: 'searching', sdk: waiting }, { inits }))?.keys).toEqual(['one']);
  });
  it('does not apply to other SDKs', () => {
    const native = facts({ sdk: client() }, { inits: [...inits, { of: '', options: { baseUrl: 'https://api.example' } }] });
    expect(setupOf(native)).toMatchObject({ keys: [], options: { baseUrl: 'https://api.example' } });
    expect(setupText(native)?.rows.map(([name]) => name)).toEqual(['Init options']);
  });
  it('may have several values', () => {
    const twice = [...inits, { of: 'SR', options: { trackerKey: 'three' } }];
    expect(setupText(facts({}, { inits: twice }))?.rows).toContainEqual(['Tracker keys', 'one, three']);
  });
});

describe('the rows', () => {
  const lineOf = (name: string, over: Partial<SdkFacts>, on: Partial<PageState> = {}) =>
    setupText(facts(over, on))?.rows.find(([one]) => one === name)?.[1];
  it('show when the SDK was ready, and how certain that is', () => {
    expect(lineOf('Ready', {}, { readyAfter: 420, sawStart: true })).toBe('about 420 ms after navigation');
    expect(lineOf('Ready', {}, { readyAfter: 61_000 })).toBe('at most 61.0 s after navigation');
    expect(lineOf('Ready', {})).toBeUndefined();
  });
  it.each<[what: string, over: Partial<SdkFacts>, on: Partial<PageState>, text: string]>([
    ['that loaded', {}, { scripts: [{ ...script, from: 120, took: 1500 }] }, 'requested after 120 ms, took 1.5 s'],
    [
      'that failed',
      { phase: 'absent', sdk: waiting },
      { scripts: [{ ...script, from: 1, took: 2 }] },
      'requested after 1 ms, failed after 2 ms',
    ],
    [
      'that was refused',
      { phase: 'absent', sdk: waiting },
      { scripts: [script] },
      'no response recorded: blocked (extension, CSP) or pending',
    ],
    ['that hangs', { phase: 'absent', sdk: waiting }, { load: 'stuck', scripts: [script] }, 'pending'],
    ['that loaded before any record', {}, { scripts: [script] }, 'no request recorded'],
  ])('show what happened to a script %s', (_what, over, on, text) => {
    expect(lineOf('Script', over, on)).toBe(`${script.address} · ${text}`);
  });
  it('omit what is not known yet', () => {
    expect(setupText(facts({ phase: 'searching', sdk: waiting }))?.rows).toEqual([]);
  });
  it('show whether tracking is off', () => {
    const of = (doNotTrack: boolean | string) => lineOf('Do Not Track', { customer: { facts: { doNotTrack } } });
    expect([of(true), of(false)]).toEqual(['on', 'off']);
    expect(of('likely')).toContain('probably on');
    expect(lineOf('Do Not Track', { customer: { facts: {} } })).toBeUndefined();
  });
});

describe('the time when the SDK was ready', () => {
  const BEGAN = loadedOf('doc-1');
  const notYet = [web({ ref: 0, state: 'not-initialised' })];
  const told = (...looks: [since: number, clients: ClientInfo[]][]) => {
    const made = story();
    for (const [since, clients] of looks) made.says(T0 + since, [loadedPage({ clients })], 'doc-1', ORIGIN, { pageNow: BEGAN + since });
    return made.session.page;
  };
  it('is exact if the SDK was seen not ready before', () => {
    expect(told([1000, notYet], [1500, [web()]])).toMatchObject({ readyAfter: 1500, sawStart: true });
  });
  it('is at most the time of the first look', () => {
    expect(told([1000, [web()]], [1500, [web(), web({ ref: 2, place: 'Other' })]])).toMatchObject({ readyAfter: 1000, sawStart: false });
  });
  it('is at most the time of the next look after a gap', () => {
    const made = story();
    made.tell({ at: T0, type: 'observed', observed: true });
    made.says(T0, [loadedPage({ clients: notYet })], 'doc-1', ORIGIN, { pageNow: BEGAN + 1000 });
    expect(made.session.page.sawStart).toBe(true);
    made.tell({ at: T0 + 1, type: 'observed', observed: false });
    made.tell({ at: T0 + 2, type: 'observed', observed: true });
    made.says(T0 + 3, [loadedPage({ clients: [web()] })], 'doc-1', ORIGIN, { pageNow: BEGAN + 60_000 });
    expect(made.session.page).toMatchObject({ readyAfter: 60_000, sawStart: false });
  });
  it.each([-5, 9_000_000_000])("is unknown if the page's clock puts its start %s ms ago", (since) => {
    expect(told([since, [web()]])).toMatchObject({ readyAfter: null });
  });
  it('belongs to one document, as its markup does', () => {
    const made = story();
    made.says(T0, [loadedPage({ clients: [web()] })]);
    const markup = { idle: [], cookies: [], scripts: [script], inits: [], keys: [] };
    made.tell({ at: T0 + 1, type: 'markup', document: 'doc-1', markup });
    expect(made.session.page.scripts).toEqual([script]);
    const before = made.session;
    made.tell({ at: T0 + 2, type: 'markup', document: 'doc-1', markup });
    // If nothing is new, nothing is stored and no view is informed.
    expect(made.session.page).toBe(before.page);
    made.says(T0 + 2000, [loadedPage({ clients: notYet })], 'doc-2');
    expect(made.session.page).toMatchObject({ readyAfter: null, sawStart: true, scripts: [] });
  });
});
