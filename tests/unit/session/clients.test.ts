import { describe, expect, it } from 'vitest';
import type { ClientInfo } from '@/lib/page/wire';
import { lastOutcome } from '@/lib/session/run';
import { client, type Draft, listed, MINUTE, ORIGIN, page, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';
import { attached, type Story, sends, story, withLast } from '../fakes/story';

const OTHER = 'https://other.example';
const SECOND = client({ ref: 2, dialect: 'web', place: 'SR' });
const ASLEEP = client({ ref: 0, place: 'Later', state: 'not-initialised' });

/** One document with two clients, the first of which is shown. */
const two = (): Story => {
  const made = story();
  made.says(T0, [page([client(), SECOND, ASLEEP]), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE))]);
  return made;
};
/** A page whose only SDK is in frame `f1`; the frame is shown and has reported its customer. */
const FRAME = listed('doc-f1', 'f1');
const BARE_TOP = listed('doc-top', null, []);
const inFrame = ({ origin = ORIGIN, says = [page(), sample('uuid-f1')] as Draft[] } = {}): Story => {
  const made = story();
  made.says(T0, [page([], false, 1)], 'doc-top');
  made.lists(T0 + 10, BARE_TOP, { ...FRAME, origin });
  made.says(T0 + 20, says, 'doc-f1', origin);
  return made;
};

describe('a document with several clients', () => {
  it('shows the first ready client, and lists all', () => {
    const made = story();
    made.says(T0, [page([ASLEEP, SECOND, client()], false, 3, ['shop'])]);
    expect(made.session).toMatchObject({
      page: { clients: [ASLEEP, SECOND, client()], strays: ['shop'], frames: 3 },
      tab: { chosen: null },
    });
    expect(made.stage.client).toEqual(SECOND);
  });

  it('shows the chosen client without data of the previous one, and reads it', () => {
    const made = two();
    made.says(T0 + 1, [sample('uuid-2')]);
    expect(made.session.history.previousUuid).toBe('uuid-1');
    const { effects } = made.choose(T0 + 5, 'doc-1', 2);
    expect(effects).toContainEqual({ type: 'send', command: { kind: 'read' } });
    expect(effects).toContainEqual({ type: 'alarm', at: null });
    expect(made.stage).toEqual({
      phase: 'attached',
      client: SECOND,
      customer: { uuid: null, trouble: null, signedIn: null, simpleAuth: null, facts: {}, cookies: [], stored: [] },
      token: { kind: 'none', trouble: null, said: false },
      activity: { kind: 'idle' },
    });
    expect(made.session).toMatchObject({
      tab: { chosen: { origin: ORIGIN, dialect: 'web', place: 'SR' }, target: null },
      history: { previousUuid: null, seeded: null, since: T0 + 5 },
      page: { document: 'doc-1' },
    });
  });

  it('applies only reports of the shown client', () => {
    const made = two();
    made.choose(T0 + 5, 'doc-1', 2);
    made.says(T0 + 6, [
      sample('not mine', { client: 1 }),
      tokenReport(wireToken(T0 + MINUTE), { client: 1 }),
      sample('mine', { client: 2 }),
    ]);
    expect(made.stage).toMatchObject({ customer: { uuid: 'mine' }, token: { kind: 'none' } });
  });

  it('sends operations to the shown client', () => {
    const made = two();
    made.choose(T0 + 5, 'doc-1', 2);
    expect(sends(made.run('op-1', T0 + 6, 'getUUID').effects)).toMatchObject([{ id: 'op-1', client: 2 }]);
  });

  const ignored: [string, string, number][] = [
    ['an unknown client', 'doc-1', 9],
    ['a client that is not ready', 'doc-1', 0],
    ['an unknown document', 'doc-9', 2],
    ['a document without a name', '', 2],
  ];
  it.each(ignored)('ignores the choice of %s', (_name, document, ref) => {
    const made = two();
    const before = made.session;
    expect(made.choose(T0 + 5, document, ref)).toEqual({ session: before, effects: [] });
  });

  it('keeps the state if the chosen client is shown already, and remembers the choice', () => {
    const made = two();
    const { stage } = made.session;
    const { effects } = made.choose(T0 + 5, 'doc-1', 1);
    expect(effects).toEqual([]);
    expect(made.session.stage).toEqual(stage);
    expect(made.session).toMatchObject({ tab: { chosen: { place: 'Synerise.Client' } }, history: { since: T0 } });
  });

  it.each([
    ['running', []],
    ['started', [started('op-1')]],
    ['being checked', [started('op-1'), settled('op-1')]],
  ] as [string, Draft[]][])('ignores a choice while an operation is %s', (_name, drafts) => {
    const made = two();
    made.lists(T0 + 1, listed('doc-1', null, [client(), SECOND]), FRAME);
    made.run('op-1', T0 + 2);
    made.says(T0 + 3, drafts);
    const before = made.session;
    expect(made.choose(T0 + 5, 'doc-1', 2)).toEqual({ session: before, effects: [] });
    expect(made.choose(T0 + 5, 'doc-f1', 1)).toEqual({ session: before, effects: [] });
  });

  it('finds the chosen client again after a reload, whatever its number and position', () => {
    const made = two();
    made.choose(T0 + 5, 'doc-1', 2);
    made.says(T0 + 10, [page([client({ ref: 3 }), { ...SECOND, ref: 7 }])], 'doc-2');
    expect(made.stage.client).toMatchObject({ ref: 7, place: 'SR' });
  });

  const notIt: [string, ClientInfo, string][] = [
    ['a client at another place', { ...SECOND, place: 'Other' }, ORIGIN],
    ['a client of another dialect', { ...SECOND, dialect: 'ios' }, ORIGIN],
    ['a client that is not ready', { ...SECOND, state: 'not-loaded' }, ORIGIN],
    ['a client on another origin', SECOND, OTHER],
  ];
  it.each(notIt)('shows the first client instead of %s', (_name, candidate, origin) => {
    const made = two();
    made.choose(T0 + 5, 'doc-1', 2);
    made.says(T0 + 10, [page([client({ ref: 3 }), candidate])], 'doc-2', origin);
    expect(made.stage.client.ref).toBe(3);
    expect(made.session.tab.chosen).toMatchObject({ place: 'SR' });
  });

  it('interrupts the operation of a client that disappears, and shows the next client', () => {
    const made = two();
    made.run('op-1', T0 + 1);
    made.says(T0 + 2, [page([SECOND])]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'interrupted', note: 'document-gone' });
    expect(made.stage.client).toEqual(SECOND);
  });
});

describe('a choice in another document', () => {
  const chosen = (): Story => {
    const made = attached();
    made.tell({ at: T0 + 1, type: 'access', access: 'visit' });
    made.lists(T0 + 2, listed('doc-1', null), listed('doc-f1', 'f1', [SECOND], OTHER));
    made.choose(T0 + 3, 'doc-f1', 2);
    return made;
  };

  it("starts a new session, and keeps the tab's data", () => {
    const made = chosen();
    expect(made.session).toMatchObject({
      tab: {
        target: { document: 'doc-f1', frame: 'f1' },
        site: ORIGIN,
        access: 'visit',
        alarmAt: null,
        badge: { kind: 'none' },
        chosen: { origin: OTHER, dialect: 'web', place: 'SR' },
      },
      page: { document: null },
      visit: { origin: null },
      stage: { phase: 'searching', candidate: null },
      history: { since: T0 + 3 },
    });
    expect(made.session.tab.listing).toHaveLength(2);
  });

  it('continues with the reply of that document, even from another origin', () => {
    const made = chosen();
    made.says(T0 + 4, [page([client(), SECOND]), sample('uuid-f', { client: 2 })], 'doc-f1', OTHER);
    expect(made.session).toMatchObject({
      page: { document: 'doc-f1' },
      history: { documents: 1 },
      visit: { origin: OTHER },
      tab: { site: ORIGIN },
    });
    expect(made.stage).toMatchObject({ client: { ref: 2 }, customer: { uuid: 'uuid-f' } });
  });

  it.each([
    ['from the top document', null, 'doc-1'],
    ['from another frame', 'doc-f2', 'doc-f2'],
    // The reply of a page that forged the name of the shown document.
    ["from the top document under the frame's name", null, 'doc-f1'],
  ])('ignores a reply %s', (_name, target, document) => {
    const made = chosen();
    const before = made.session;
    const told = made.says(T0 + 4, [page(), sample('uuid-9'), tokenReport(wireToken(T0 + MINUTE))], document, ORIGIN, { target });
    expect(told).toEqual({ session: before, effects: [] });
    made.says(T0 + 5, [page([SECOND]), sample('uuid-f', { client: 2 })], 'doc-f1', OTHER);
    expect(made.stage.customer.uuid).toBe('uuid-f');
    const then = made.session;
    expect(made.says(T0 + 6, [sample('uuid-9', { client: 2 })], document, ORIGIN, { target }).session).toEqual(then);
  });

  it('can return to the top document', () => {
    const made = chosen();
    made.says(T0 + 4, [page([SECOND])], 'doc-f1', OTHER);
    made.choose(T0 + 5, 'doc-1', 1);
    expect(made.session).toMatchObject({ tab: { target: null }, page: { document: null }, stage: { phase: 'searching' } });
    made.says(T0 + 6, [page(), sample('uuid-1')]);
    expect(made.session).toMatchObject({ page: { document: 'doc-1' }, visit: { origin: ORIGIN }, tab: { site: ORIGIN } });
  });
});

describe('a survey of all frames', () => {
  it('selects the first frame with an SDK if the top frame has none', () => {
    const made = story();
    made.says(T0, [page([], false, 3)], 'doc-top');
    made.lists(T0 + 1, BARE_TOP, listed('doc-f0', 'f0', [ASLEEP]), FRAME, listed('doc-f2', 'f2'));
    expect(made.session.tab.target).toEqual({ document: 'doc-f1', frame: 'f1' });
  });

  it.each([
    ['the top frame has an SDK', [listed('doc-1', null), FRAME]],
    ['the top frame has an SDK, though it is listed last', [FRAME, listed('doc-1', null)]],
    ['no frame has a ready SDK', [BARE_TOP, listed('doc-f1', 'f1', [ASLEEP])]],
    ['there are no documents', []],
  ])('stays in the top frame if %s', (_name, documents) => {
    const made = story();
    made.says(T0, [page([], false, 3)]);
    const { stage } = made.session;
    made.lists(T0 + 1, ...documents);
    expect(made.session).toMatchObject({ tab: { target: null, listing: documents }, page: { document: 'doc-1' }, stage });
  });

  it('keeps a client shown in the top frame, whatever the survey finds there', () => {
    const made = attached();
    made.lists(T0 + 1, listed('doc-1', null, []), FRAME);
    expect(made.session).toMatchObject({ tab: { target: null }, stage: { phase: 'attached', customer: { uuid: 'uuid-1' } } });
  });

  it('keeps the shown frame when the top frame gets an SDK', () => {
    const made = inFrame();
    made.lists(T0 + 30, listed('doc-top', null), FRAME);
    expect(made.session.tab.target?.document).toBe('doc-f1');
    expect(made.stage.customer.uuid).toBe('uuid-f1');
  });

  it("records the page's origin next to the frame's", () => {
    const made = inFrame({ origin: OTHER });
    expect(made.session).toMatchObject({ visit: { origin: OTHER }, tab: { site: ORIGIN } });
    made.lists(T0 + 40, listed('doc-top2', null, [], 'https://third.example'), { ...FRAME, origin: OTHER });
    // The page is a different one: the session of its frame starts again.
    expect(made.session).toMatchObject({ visit: { origin: null }, tab: { site: 'https://third.example', target: { document: 'doc-f1' } } });
  });

  it('continues the session of a reloaded frame', () => {
    const made = inFrame();
    made.lists(T0 + 30, BARE_TOP, { ...FRAME, document: 'doc-f1-again' });
    expect(made.session).toMatchObject({
      tab: { target: { document: 'doc-f1-again', frame: 'f1' } },
      page: { document: 'doc-f1' },
      history: { documents: 1 },
    });
    made.says(T0 + 40, [page(), sample('uuid-f1')], 'doc-f1-again');
    expect(made.session).toMatchObject({ page: { document: 'doc-f1-again' }, history: { documents: 2, since: T0 + 10 } });
    // Without a survey in between, the reply itself shows the new document.
    made.says(T0 + 50, [page(), sample('uuid-f1')], 'doc-f1-third');
    expect(made.session).toMatchObject({ tab: { target: { document: 'doc-f1-third', frame: 'f1' } }, history: { documents: 3 } });
  });

  it('starts a new session in a frame that navigated to another origin, within the same site', () => {
    const made = inFrame();
    made.says(T0 + 50, [page(), sample('uuid-x')], 'doc-x', OTHER);
    expect(made.session).toMatchObject({
      tab: { target: { document: 'doc-x', frame: 'f1' }, site: ORIGIN },
      visit: { origin: OTHER },
      history: { documents: 1, since: T0 + 50 },
    });
  });

  it.each([
    ['in the same frame', [BARE_TOP, { ...FRAME, document: 'doc-x', origin: OTHER }], { document: 'doc-x', frame: 'f1' }],
    [
      'in the frame that has an SDK',
      [BARE_TOP, { ...listed('doc-x', 'f1', []), origin: OTHER }, listed('doc-f2', 'f2')],
      { document: 'doc-f2', frame: 'f2' },
    ],
  ])('ends the session of a frame now on another origin, and starts one %s', (_name, documents, target) => {
    const made = inFrame();
    made.run('op-1', T0 + 25);
    made.lists(T0 + 30, ...documents);
    expect(made.session).toMatchObject({
      tab: { target, site: ORIGIN },
      page: { document: null },
      visit: { origin: null },
      runs: { ended: [{ id: 'op-1' }] },
      stage: { phase: 'searching' },
    });
  });

  it.each([
    ['the top frame', [BARE_TOP], null],
    [
      'another frame with an SDK',
      [BARE_TOP, listed('doc-f2', 'f2', [ASLEEP]), listed('doc-f3', 'f3')],
      { document: 'doc-f3', frame: 'f3' },
    ],
    ['the top frame if nothing is found', [], null],
  ])('shows %s when its frame disappears', (_name, documents, target) => {
    const made = inFrame();
    made.run('op-1', T0 + 25);
    made.lists(T0 + 30, ...documents);
    expect(made.session).toMatchObject({
      tab: { target },
      page: { document: null },
      runs: { ended: [{ id: 'op-1' }] },
      stage: { phase: 'searching' },
    });
  });

  it('keeps the shown frame if it temporarily has no SDK', () => {
    const made = inFrame();
    made.lists(T0 + 30, BARE_TOP, listed('doc-f1', 'f1', []), listed('doc-f2', 'f2'));
    expect(made.session.tab.target?.document).toBe('doc-f1');
  });

  it('records the frames that cannot be reached', () => {
    const made = attached();
    made.tell({ at: T0 + 1, type: 'listed', documents: [], beyond: ['https://other.example/', ''] });
    expect(made.session.tab.beyond).toEqual(['https://other.example/', '']);
  });

  it('returns to the chosen client after a reload of the page', () => {
    const made = attached();
    made.lists(T0 + 1, listed('doc-1', null), listed('doc-f1', 'f1', [SECOND], OTHER));
    made.choose(T0 + 2, 'doc-f1', 2);
    made.says(T0 + 3, [page([SECOND])], 'doc-f1', OTHER);
    // All documents are replaced; the frame loads later, with another ID.
    made.lists(T0 + 10, listed('doc-2', null));
    expect(made.session.tab.target).toBeNull();
    made.says(T0 + 11, [page(), sample('uuid-1')], 'doc-2');
    made.lists(T0 + 20, listed('doc-2', null), listed('doc-g1', 'g1', [ASLEEP, { ...SECOND, ref: 3 }], OTHER));
    expect(made.session).toMatchObject({ tab: { target: { document: 'doc-g1', frame: 'g1' } }, page: { document: null } });
    made.says(T0 + 21, [page([{ ...SECOND, ref: 3 }])], 'doc-g1', OTHER);
    expect(made.stage.client.ref).toBe(3);
  });

  it('does not leave a chosen client for another of the same kind', () => {
    const made = two();
    made.choose(T0 + 1, 'doc-1', 2);
    made.lists(T0 + 2, listed('doc-f1', 'f1', [SECOND]), listed('doc-1', null, [client(), SECOND]));
    expect(made.session).toMatchObject({ tab: { target: null }, stage: { client: SECOND } });
  });

  it('starts nothing new if it finds the chosen client in the top frame before its first reply', () => {
    const made = two();
    made.choose(T0 + 1, 'doc-1', 2);
    made.says(T0 + 2, [page([], false, 1)], 'doc-2');
    made.lists(T0 + 3, listed('doc-2', null, [client(), SECOND]), FRAME);
    expect(made.session).toMatchObject({ tab: { target: null }, page: { document: 'doc-2' }, history: { documents: 2, since: T0 + 1 } });
  });

  it('keeps its target when the page is lost, and returns to it', () => {
    const made = inFrame();
    made.tell({ at: T0 + 30, type: 'lost', problem: { kind: 'access', message: 'No access.' } });
    expect(made.session).toMatchObject({ tab: { target: { document: 'doc-f1' } }, stage: { phase: 'unreachable' } });
    made.says(T0 + 40, [page(), sample('uuid-f1')], 'doc-f1');
    expect(made.session).toMatchObject({ history: { documents: 1 }, stage: { phase: 'attached' } });
  });
});

it('an operation of a frame that disappears ends once, with its known outcome', () => {
  const made = inFrame({ says: [page(), sample('uuid-f1')] });
  made.run('op-1', T0 + 25);
  made.says(T0 + 26, [started('op-1'), settled('op-1', { how: 'missing' })], 'doc-f1');
  expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'unavailable' });
  made.lists(T0 + 30, BARE_TOP);
  expect(withLast(made.session)).toMatchObject({ last: null, runs: { ended: [{ id: 'op-1' }] } });
});
