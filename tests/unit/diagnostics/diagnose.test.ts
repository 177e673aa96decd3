// What the rules see of a case, and how their findings are ordered.
import { describe, expect, it, vi } from 'vitest';
import type { Case, CaseClient } from '@/lib/diagnostics/case';
import { attempt, diagnose, findingOf, inSight } from '@/lib/diagnostics/diagnose';
import { diagnosisOf } from '@/lib/diagnostics/diagnosis';
import type { Noticed, Rule, Severity } from '@/lib/diagnostics/rule';
import { MINUTE } from '../fakes/make';
import {
  ago,
  call,
  callback,
  DAY,
  detailOf,
  documentEntry,
  identityEntry,
  type Loose,
  NOW,
  native,
  numbered,
  operation,
  request,
  storage,
  tokenEntry,
  uuidEntry,
} from './make';

const rule = (id: string, severity: Severity, check: Rule['check']): Rule => ({
  id,
  severity,
  title: `The title of ${id}`,
  looksAt: 'What it looks at.',
  advice: `The advice of ${id}.`,
  source: 'Nowhere.',
  check,
});
const noticed = (text: string, ...seqs: number[]): Noticed => ({ evidence: [text], entries: seqs.map((seq) => ({ seq })) });
const speaking = (id: string, severity: Severity) => rule(id, severity, () => noticed(id));
const seqsOf = (entries: readonly Loose[], nth = 0) =>
  inSight(native({ entries, session: { history: { nth } } })).entries.map(({ seq }) => seq);

const HALF_HOUR = 30 * MINUTE;
const passing = (at: number): Loose[] => [
  call(at, 'refreshToken'),
  operation(at, 'refreshToken'),
  request(at, 'refresh'),
  callback(at, false),
  { kind: 'alarm', at, expiresAt: null },
];
const lasting = (at: number): Loose[] => [
  uuidEntry(at),
  tokenEntry(at),
  identityEntry(at, 'anonymous', 'signed-in'),
  documentEntry(at),
  storage(at, 'x', 'y'),
];

describe('inSight', () => {
  it('includes what happened within half an hour', () => {
    expect(seqsOf(passing(ago(HALF_HOUR)))).toEqual([1, 2, 3, 4, 5]);
  });

  it('excludes older events', () => {
    expect(seqsOf(passing(ago(HALF_HOUR + 1)))).toEqual([]);
  });

  it('includes lasting entries, however old they are', () => {
    expect(seqsOf(lasting(ago(3 * DAY)))).toEqual([1, 2, 3, 4, 5]);
  });

  it('includes the entries of its own session, and no other session of the tab', () => {
    const entries = [
      call(ago(3), 'signOut', { nth: 1 }),
      uuidEntry(ago(2), 'x', { nth: 2 }),
      call(ago(1), 'signIn', { nth: 3 }),
      uuidEntry(NOW),
    ];
    expect(seqsOf(entries, 2)).toEqual([2, 4]);
  });

  it('includes at most the latest five thousand', () => {
    const seqs = seqsOf([...Array(5003).keys()].map((index) => request(ago(5003 - index), 'event')));
    expect(seqs).toHaveLength(5000);
    expect(seqs.at(0)).toBe(4);
    expect(seqs.at(-1)).toBe(5003);
  });

  it('leaves the facts and the given case unchanged', () => {
    const subject = native({ entries: passing(ago(HALF_HOUR + 1)) });
    const { entries, ...facts } = inSight(subject);
    expect(entries).toEqual([]);
    expect(facts).toEqual({ ...subject, entries: undefined });
    expect(subject.entries).toHaveLength(5);
  });

  it('merges repeated calls and requests into the latest state under the first number, in order of time', () => {
    const subject = native({
      entries: [
        request(ago(2), 'login', { key: 'a', status: null }),
        request(ago(5), 'event', { key: 'b' }),
        request(ago(2), 'login', { key: 'a', status: 401 }),
        call(ago(9), 'signIn'),
      ],
    });
    expect(inSight(subject).entries).toMatchObject([{ seq: 4 }, { seq: 2, key: 'b' }, { seq: 1, key: 'a', status: 401 }]);
  });

  it('still returns the details of its entries', () => {
    const subject = { ...native(), detailOf: detailOf({ k: { call: { value: 1 } } }) };
    expect(inSight(subject).detailOf('k')).toEqual({ call: { value: 1 } });
    expect(inSight(subject).detailOf('toString')).toBeNull();
  });
});

describe('findingOf', () => {
  it("gives what was noticed, with the rule's texts", () => {
    const finding = findingOf(
      rule('a-rule', 'warning', () => noticed('Seen.', 7, 3, 7)),
      native(),
    );
    expect(finding).toEqual({
      rule: 'a-rule',
      severity: 'warning',
      title: 'The title of a-rule',
      evidence: ['Seen.'],
      advice: 'The advice of a-rule.',
      entries: [3, 7],
    });
  });

  it('lists no entries if the rule names none', () => {
    expect(
      findingOf(
        rule('a-rule', 'info', () => ({ evidence: ['Seen.'] })),
        native(),
      )?.entries,
    ).toEqual([]);
  });

  it.each([
    ['uuid', [3]],
    ['token', [4]],
  ] as const)('lists the current %s entry if the rule is about one and names no entries', (about, entries) => {
    const subject = native({ entries: [uuidEntry(1), tokenEntry(2), uuidEntry(3), tokenEntry(4), call(5, 'signIn')] });
    const telling = { ...rule('a-rule', 'info', () => ({ evidence: ['Seen.'] })), about };
    expect(findingOf(telling, subject)?.entries).toEqual(entries);
    expect(findingOf({ ...telling, check: () => noticed('Seen.', 1) }, subject)?.entries).toEqual([1]);
    expect(findingOf(telling, native())?.entries).toEqual([]);
  });

  it('is null if nothing was noticed', () => {
    expect(
      findingOf(
        rule('a-rule', 'error', () => null),
        native(),
      ),
    ).toBeNull();
  });
});

describe('attempt', () => {
  const broken = rule('a-rule', 'error', () => {
    throw new Error('a fault of ours');
  });

  it('continues if a rule throws', () => {
    expect(attempt(broken, native())).toBe('broken');
    expect(attempt(speaking('a-rule', 'info'), native())).toMatchObject({ rule: 'a-rule' });
  });

  it('is what diagnose runs for each rule', () => {
    const rules = [speaking('before', 'info'), broken, speaking('after', 'error')];
    expect(diagnose(rules, native())).toMatchObject({ findings: [{ rule: 'after' }, { rule: 'before' }], broken: ['a-rule'] });
  });
});

describe('diagnose', () => {
  it('lists the worst first, and findings of one severity in the order of the rules', () => {
    const rules = (['info', 'error', 'warning', 'info', 'warning', 'error'] as const).map((severity, index) =>
      speaking(`r-${index}`, severity),
    );
    expect(diagnose(rules, native()).findings.map((finding) => finding.rule)).toEqual(['r-1', 'r-5', 'r-2', 'r-4', 'r-0', 'r-3']);
  });

  it('shows each rule only what is in sight', () => {
    const check = vi.fn<Rule['check']>(() => null);
    diagnose(
      [rule('a-rule', 'error', check), rule('b-rule', 'error', check)],
      native({ entries: [...passing(ago(DAY)), uuidEntry(ago(DAY))] }),
    );
    expect(check.mock.calls.map(([{ entries }]) => entries.map(({ kind }) => kind))).toEqual([['uuid'], ['uuid']]);
  });

  it('includes the time of the diagnosis', () => {
    expect(diagnose([], native({ at: ago(MINUTE) }))).toEqual({ at: ago(MINUTE), findings: [], broken: [] });
  });
});

describe('diagnosisOf', () => {
  it('combines the results of individual rules', () => {
    const rules = [speaking('a', 'info'), speaking('b', 'error'), speaking('c', 'error')] as const;
    const [info, error] = [findingOf(rules[0], native()), findingOf(rules[1], native())];
    expect(
      diagnosisOf(NOW, [
        [rules[0], info],
        [rules[2], 'broken'],
        [rules[1], error],
        [rules[2], null],
      ]),
    ).toEqual({ at: NOW, findings: [error, info], broken: ['c'] });
  });
});

describe('requests in a tab with several SDKs', () => {
  const entries = numbered([request(ago(MINUTE), 'refresh'), call(ago(1000), 'refreshToken')]);
  const shown = ({ clients, twins }: Partial<Case>) => {
    const subject = native({ entries });
    return inSight({ ...subject, clients: clients ?? subject.clients, twins: twins ?? 0 }).entries.map(({ kind }) => kind);
  };
  const [own] = native().clients as [CaseClient];

  it('are included if there is only one SDK', () => {
    expect(shown({})).toEqual(['request', 'call']);
    expect(shown({ clients: [] })).toEqual(['request', 'call']);
  });

  it('are excluded if they may be of any of several', () => {
    expect(shown({ clients: [own, { ...own, document: 'frame' }] })).toEqual(['call']);
    expect(shown({ twins: 1 })).toEqual(['call']);
  });
});
