/** Runs the rules on a case. */
import type { HistoryEntry } from '../session/history/history';
import type { Case } from './case';
import { type Diagnosis, diagnosisOf } from './diagnosis';
import { type Finding, type Rule, runsOn } from './rule';

/** Events older than this (ms) are ignored. Lasting entries (UUIDs, tokens, identity, documents, storage) count at any age. */
const RECENT = 1_800_000;
const LASTING: ReadonlySet<HistoryEntry['kind']> = new Set(['uuid', 'token', 'identity', 'document', 'storage'] as const);
/** At most this many of the latest events, and as many of the latest lasting entries, are examined. */
const MOST = 5000;

/** Merges repeated entries of a call or request: the latest data under the first `seq`. Sorted by time. */
function settled(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const made: HistoryEntry[] = [];
  const places = new Map<string, number>();
  for (const entry of entries) {
    const known = entry.kind === 'call' || entry.kind === 'request' ? places.get(entry.key) : undefined;
    if (known !== undefined) made[known] = { ...entry, seq: made[known]?.seq ?? entry.seq };
    else {
      if ('key' in entry) places.set(entry.key, made.length);
      made.push(entry);
    }
  }
  return made.sort((a, b) => a.at - b.at || a.seq - b.seq);
}

/**
 * The case with only the entries that the rules examine: those of its session that are recent or lasting, sorted by time.
 * If the tab has several SDKs (frames included), requests can't be attributed to one of them and are left out.
 */
export function inSight(subject: Case): Case {
  const { at, nth, entries, clients, twins } = subject;
  const isOne = clients.length + twins < 2;
  const own = entries.filter(
    ({ kind, nth: of, at: then }) => of === nth && (at - then <= RECENT || LASTING.has(kind)) && (isOne || kind !== 'request'),
  );
  const lasts = ({ kind }: HistoryEntry) => LASTING.has(kind);
  const [passing, lasting] = [own.filter((entry) => !lasts(entry)).slice(-MOST), own.filter(lasts).slice(-MOST)];
  return { ...subject, entries: settled([...passing, ...lasting].sort((a, b) => a.seq - b.seq)) };
}

/** The finding of one rule for a case; `null` if there is none. @param subject as returned by `inSight` */
export function findingOf(rule: Rule, subject: Case): Finding | null {
  const { id, severity, title, advice, about, dialects, check } = rule;
  if (!runsOn(rule, subject.site)) return null;
  if (dialects && !(subject.sdk && dialects.includes(subject.sdk.dialect))) return null;
  const noticed = check(subject);
  if (!noticed) return null;
  const rests = noticed.entries ?? subject.entries.filter(({ kind }) => kind === about).slice(-1);
  const entries = [...new Set(rests.map(({ seq }) => seq))].sort((a, b) => a - b);
  return { rule: id, severity, title, evidence: noticed.evidence, advice, entries };
}

/** `findingOf`, but returns `'broken'` if the rule throws. */
export function attempt(rule: Rule, subject: Case): Finding | null | 'broken' {
  try {
    return findingOf(rule, subject);
  } catch {
    return 'broken';
  }
}

/** Runs all rules in one synchronous pass. */
export function diagnose(rules: readonly Rule[], subject: Case): Diagnosis {
  const seen = inSight(subject);
  return diagnosisOf(
    subject.at,
    rules.map((rule) => [rule, attempt(rule, seen)]),
  );
}
