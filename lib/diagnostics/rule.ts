/** The type of a diagnostic rule. Each rule is a separate file in `rules/`, and pure: takes a case, returns what it noticed. */
import type { DialectName } from '../sdk/dialects/names';
import type { HistoryEntry } from '../session/history/history';
import { isApp } from '../session/terms';
import type { Case } from './case';

export const SEVERITIES = ['error', 'warning', 'info'] as const;
/** `error`: something doesn't work, or is sent for the wrong customer; `warning`: that will or may happen; `info`: good to know. */
export type Severity = (typeof SEVERITIES)[number];

/** What a rule noticed: the evidence, as sentences without tokens, and the entries it is based on. */
export interface Noticed {
  readonly evidence: readonly string[];
  readonly entries?: readonly Pick<HistoryEntry, 'seq'>[];
}

export interface Rule {
  /** Kebab case. Never changes: sites mute rules, and builds fail, by this ID. */
  readonly id: string;
  readonly severity: Severity;
  /** The problem, in one line. */
  readonly title: string;
  /** What it examines and when it reports a finding, for the docs. */
  readonly looksAt: string;
  /** How to fix it. */
  readonly advice: string;
  /** The source of the fact: a section of the facts, a standard, a changelog. */
  readonly source: string;
  /** If `check` returns no entries, the finding refers to the latest entry of this kind. */
  readonly about?: 'token' | 'uuid';
  /** The dialects that it applies to; all if absent. */
  readonly dialects?: readonly DialectName[];
  /** It examines what only a document has (cookies, markup, a URL): not run where the SDK is in an app's engine. */
  readonly ofDocuments?: true;
  /** Numbers of the situations in facts §5 that it covers. */
  readonly situations?: readonly number[];
  /** Returns what it noticed; `null` if all is well, or too little is known. */
  check(subject: Case): Noticed | null;
}

/** Whether a rule is run on a site. */
export const runsOn = ({ ofDocuments }: Pick<Rule, 'ofDocuments'>, site: string | null): boolean => !(ofDocuments && isApp(site));

/** What a rule noticed, with the rule's own texts. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: readonly string[];
  readonly advice: string;
  /** `seq` of the entries it is based on. */
  readonly entries: readonly number[];
}
