// What the rules are shown of a case, and how what they found is put in order.
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
  it('shows what happened within half an hour', () => {
    expect(seqsOf(passing(ago(HALF_HOUR)))).toEqual([1, 2, 3, 4, 5]);
  });

  it('shows nothing that is over', () => {
    expect(seqsOf(passing(ago(HALF_HOUR + 1)))).toEqual([]);
  });

  it('shows what lasts, however old it is', () => {
    expect(seqsOf(lasting(ago(3 * DAY)))).toEqual([1, 2, 3, 4, 5]);
  });

  it('shows what its session had, and no other of the tab', () => {
    const entries = [
      call(ago(3), 'signOut', { nth: 1 }),
      uuidEntry(ago(2), 'x', { nth: 2 }),
      call(ago(1), 'signIn', { nth: 3 }),
      uuidEntry(NOW),
    ];
    expect(seqsOf(entries, 2)).toEqual([2, 4]);
  });

  it('shows five thousand at most, the latest', () => {
    const seqs = seqsOf([...Array(5003).keys()].map((index) => request(ago(5003 - index), 'event')));
    expect(seqs).toHaveLength(5000);
    expect(seqs.at(0)).toBe(4);
    expect(seqs.at(-1)).toBe(5003);
  });

  it('leaves the facts, and the case that it was given, as they are', () => {
    const subject = native({ entries: passing(ago(HALF_HOUR + 1)) });
    const { entries, ...facts } = inSight(subject);
    expect(entries).toEqual([]);
    expect(facts).toEqual({ ...subject, entries: undefined });
    expect(subject.entries).toHaveLength(5);
  });

  it('gives each call and request once, as the latest that is known of it under its first number, in the order of time', () => {
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

  it('still gives the details of its entries', () => {
    const subject = { ...native(), detailOf: detailOf({ k: { call: { value: 1 } } }) };
    expect(inSight(subject).detailOf('k')).toEqual({ call: { value: 1 } });
    expect(inSight(subject).detailOf('toString')).toBeNull();
  });
});

describe('findingOf', () => {
  it('says what was noticed, in the words of the rule', () => {
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

  it('names no entries where the rule rests on none', () => {
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
  ] as const)('rests on the %s that lasts where it tells of one and names nothing', (about, entries) => {
    const subject = native({ entries: [uuidEntry(1), tokenEntry(2), uuidEntry(3), tokenEntry(4), call(5, 'signIn')] });
    const telling = { ...rule('a-rule', 'info', () => ({ evidence: ['Seen.'] })), about };
    expect(findingOf(telling, subject)?.entries).toEqual(entries);
    expect(findingOf({ ...telling, check: () => noticed('Seen.', 1) }, subject)?.entries).toEqual([1]);
    expect(findingOf(telling, native())?.entries).toEqual([]);
  });

  it('says nothing where nothing was noticed', () => {
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

  it('goes on whatever a rule does', () => {
    expect(attempt(broken, native())).toBe('broken');
    expect(attempt(speaking('a-rule', 'info'), native())).toMatchObject({ rule: 'a-rule' });
  });

  it('is what diagnose does with each', () => {
    const rules = [speaking('before', 'info'), broken, speaking('after', 'error')];
    expect(diagnose(rules, native())).toMatchObject({ findings: [{ rule: 'after' }, { rule: 'before' }], broken: ['a-rule'] });
  });
});

describe('diagnose', () => {
  it('tells the worst first, and of one severity in the order of the rules', () => {
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

  it('says of which moment it speaks', () => {
    expect(diagnose([], native({ at: ago(MINUTE) }))).toEqual({ at: ago(MINUTE), findings: [], broken: [] });
  });
});

describe('diagnosisOf', () => {
  it('puts together what was found rule by rule', () => {
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

describe('requests, where the tab has several SDKs', () => {
  const entries = numbered([request(ago(MINUTE), 'refresh'), call(ago(1000), 'refreshToken')]);
  const shown = ({ clients, twins }: Partial<Case>) => {
    const subject = native({ entries });
    return inSight({ ...subject, clients: clients ?? subject.clients, twins: twins ?? 0 }).entries.map(({ kind }) => kind);
  };
  const [own] = native().clients as [CaseClient];

  it('are of the one that there is', () => {
    expect(shown({})).toEqual(['request', 'call']);
    expect(shown({ clients: [] })).toEqual(['request', 'call']);
  });

  it('are any one’s, and none is looked at', () => {
    expect(shown({ clients: [own, { ...own, document: 'frame' }] })).toEqual(['call']);
    expect(shown({ twins: 1 })).toEqual(['call']);
  });
});
