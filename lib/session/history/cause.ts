/** Why a UUID or a token is another than before, as it is told. */
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

export interface Cause {
  readonly kind: CauseKind;
  readonly sure: boolean;
  /** The operation, method, parameter or tab; `null` where the kind says it all. */
  readonly by: string | null;
  /** What was seen, in sentences; never a token. */
  readonly evidence: readonly string[];
}
