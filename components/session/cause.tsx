import type { Cause, CauseKind } from '@/lib/session/history/cause';

/** How a generation came about, in words; `by` precedes it if there is one. */
const CAUSE_WORDS: Record<CauseKind, string> = {
  first: 'there when first seen',
  operation: 'run here',
  call: 'called by the page',
  'api-key': 'another API key',
  'sign-in': 'sign-in',
  'sign-out': 'sign-out',
  'do-not-track': 'do-not-track',
  'reset-cookie': 'reset by a cookie',
  link: 'set by the link',
  'cookies-removed': 'cookies removed',
  'cookies-expired': 'cookies expired',
  'other-tab': 'changed in another tab',
  renewal: 'renewed by the SDK',
  'page-load': 'page loaded',
  unknown: 'cause unknown',
};

/** A cause in a few words: `Regenerate UUID, run here`; `likely:` if the two only coincided. */
export function causeWords({ kind, by, sure }: Cause): string {
  const words = by === null ? CAUSE_WORDS[kind] : `${by}, ${CAUSE_WORDS[kind]}`;
  return sure || kind === 'unknown' ? words : `likely: ${words}`;
}

/** A cause, with its evidence folded. */
export function CauseLine({ cause }: { cause: Cause }) {
  return (
    <details class="cause" data-cause={cause.kind} data-sure={String(cause.sure)}>
      <summary>{causeWords(cause)}</summary>
      <ul>
        {cause.evidence.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
