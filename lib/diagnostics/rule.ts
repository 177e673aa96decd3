/** What a diagnostic rule is. Each stands in a file of its own in `rules/`, pure: a case in, what it noticed out. */
import type { DialectName } from '../sdk/dialects/names';
import type { HistoryEntry } from '../session/history/history';
import type { Case } from './case';

export const SEVERITIES = ['error', 'warning', 'info'] as const;
/** `error`: something does not work, or is sent for somebody else; `warning`: it will, or may; `info`: good to know. */
export type Severity = (typeof SEVERITIES)[number];

/** What a rule noticed: what was seen, in sentences without tokens, and the entries that it rests on. */
export interface Noticed {
  readonly evidence: readonly string[];
  readonly entries?: readonly Pick<HistoryEntry, 'seq'>[];
}

export interface Rule {
  /** In kebab case; stays the same for ever, since sites are muted and builds are failed by it. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a line. */
  readonly title: string;
  /** What it looks at and when it speaks, for the docs. */
  readonly looksAt: string;
  /** What to do about it. */
  readonly advice: string;
  /** Where the fact comes from: a section of the facts, a standard, a changelog. */
  readonly source: string;
  /** What it tells of: where it names no entry itself, the generation that lasts is what it rests on. */
  readonly about?: 'token' | 'uuid';
  /** The SDKs that it is of; of all where it names none. */
  readonly dialects?: readonly DialectName[];
  /** Numbers of the situations of facts §5 that it tells. */
  readonly situations?: readonly number[];
  /** What it noticed; `null` where all is well, or too little is known. */
  check(subject: Case): Noticed | null;
}

/** Something that a rule noticed, with what the rule says of it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: readonly string[];
  readonly advice: string;
  /** `seq` of the entries that it rests on. */
  readonly entries: readonly number[];
}
