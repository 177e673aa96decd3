/** Why a UUID or a token changed, as shown to the user. */
export const CAUSE_KINDS = [
  'first',
  'operation',
  'call',
  'api-key',
  'sign-in',
  'sign-out',
  'do-not-track',
  'reset-cookie',
  'link',
  'cookies-removed',
  'cookies-expired',
  'other-tab',
  'renewal',
  'page-load',
  'unknown',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** Ends `by` of an operation that the alarm ran, not a person. */
export const BY_ALARM = ' (auto-refresh)';

export interface Cause {
  readonly kind: CauseKind;
  readonly sure: boolean;
  /** The operation, method, cookie or parameter; `null` if the kind alone is enough. */
  readonly by: string | null;
  /** What was observed, in sentences; never contains a token. */
  readonly evidence: readonly string[];
}
