/** All that is known of an operation's outcome: its value, its error and what that means, and what changed. */
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { Outcome } from '@/lib/session/run';
import { Pre } from '../ui/cards';
import { time, took } from '../ui/format';
import { changesOf, SHORT, text } from './outcome-words';
import { ChangesTable, ResultMore } from './result-more';

export function ResultDetails({ outcome, now, dialect }: { outcome: Outcome; now: number; dialect: DialectName | null }) {
  const { answer, late, before, after, operation, at } = outcome;
  const error = answer?.error ?? null;
  const changes = changesOf(before, after, now);
  return (
    <>
      <p class="quiet">
        {time(at)}
        {answer && ` · ${took(answer.ms)}`}
        {answer?.how === 'threw' && ' · thrown'}
      </p>
      {error && (
        <p class="error-text">
          {error.code !== null && <strong>{error.code}</strong>} {error.message}
        </p>
      )}
      <ResultMore outcome={outcome} dialect={dialect} now={now} />
      {error && (
        <details>
          <summary>Full error</summary>
          <Pre>{JSON.stringify(error.detail, null, 2)}</Pre>
        </details>
      )}
      {answer?.how === 'success' && operation === 'retrieveToken' && <p class="quiet">Token returned (see Token).</p>}
      {answer?.how === 'success' && operation === 'refreshToken' && answer.value === true && (
        <p class="quiet">Returned true (React Native never returns the token here).</p>
      )}
      {answer?.how === 'success' && text(answer.value).length > SHORT && (
        <Pre>{typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value, null, 2)}</Pre>
      )}
      {late.length > 0 && <p class="warn-text">Late callback ignored: {late.join(', ')}.</p>}
      {changes.length > 0 && <ChangesTable what="What" rows={changes} />}
    </>
  );
}
