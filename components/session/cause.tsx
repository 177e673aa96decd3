import { BY_ALARM, type Cause, type CauseKind } from '@/lib/session/history/cause';

/** What made a generation; `by` is written before it where there is one. */
const CAUSE_WORDS: Record<CauseKind, string> = {
  first: 'first seen',
  operation: 'you',
  call: 'page',
  'api-key': 'API key changed',
  'sign-in': 'sign-in',
  'sign-out': 'sign-out',
  'do-not-track': 'Do Not Track changed',
  'reset-cookie': 'reset cookie',
  link: 'URL parameter',
  'cookies-removed': 'cookies removed',
  'cookies-expired': 'cookies expired',
  'other-tab': 'changed in another tab',
  renewal: 'SDK auto-renewal',
  'page-load': 'page load',
  unknown: 'unknown cause',
};

/** Who made it: of an operation, you or the alarm. */
const whoOf = ({ kind, by }: Cause): string => (by?.endsWith(BY_ALARM) ? '' : CAUSE_WORDS[kind]);

/** A cause in a few words: `refreshToken() — you`; `probably` where it is only likely. */
export function causeWords(cause: Cause): string {
  const { kind, by, sure } = cause;
  const words = [by, whoOf(cause)].filter(Boolean).join(' — ');
  return sure || kind === 'unknown' ? words : `probably ${words}`;
}

/** A cause as a table cell: the call as code, and who made it. */
export function CauseCell({ cause }: { cause: Cause }) {
  const { kind, by, sure } = cause;
  return (
    <span class="cause" data-cause={kind} data-sure={String(sure)}>
      {!sure && kind !== 'unknown' && <span class="quiet">probably </span>}
      {by !== null && <code>{by}</code>} <span class={kind === 'operation' ? 'info-text' : 'quiet'}>{whoOf(cause)}</span>
    </span>
  );
}

/** A cause with its evidence, which unfolds. */
export function ChangedBy({ cause }: { cause: Cause }) {
  if (!cause.evidence.length) return <CauseCell cause={cause} />;
  return (
    <details class="cause" data-cause={cause.kind} data-sure={String(cause.sure)}>
      <summary>
        {!cause.sure && cause.kind !== 'unknown' && 'probably '}
        {cause.by !== null && <code>{cause.by}</code>} {whoOf(cause)}
      </summary>
      <ul>
        {cause.evidence.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
