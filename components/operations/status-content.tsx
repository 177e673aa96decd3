import type { Outcome } from '@/lib/session/run';
import type { Result } from '../state/commands';
import type { Model } from '../state/model';
import { placeWords, VERDICT_WORDS } from '../state/words';
import { about, took } from '../ui/format';
import { CloseIcon, DoneIcon, FailedIcon, WarningIcon } from '../ui/icons';
import { changesOf, inLine, NOTE_WORDS, REFUSED_WORDS } from './outcome-words';
import { ResultDetails } from './result-details';

/** The line of the status bar, and the details above it. */
export function StatusContent({
  model,
  result,
  isOpen,
  toggle,
}: {
  model: Model;
  result: Result;
  isOpen: boolean;
  /** Opens the details, or closes them. */
  toggle(): void;
}) {
  const busy = result.kind === 'busy';
  const outcome = result.kind === 'ended' ? result.outcome : null;
  return (
    <>
      {isOpen && outcome && (
        <div class="details" data-testid="operation-details">
          <ResultDetails outcome={outcome} now={model.now.value} dialect={model.session.value?.history.of?.dialect ?? null} />
        </div>
      )}
      <div class="status-line">
        {busy ? (
          <>
            <span class="spinner" aria-hidden="true" />
            <strong>{result.operation}</strong> <span class="quiet">running…</span>
            {result.at + 2000 < model.now.value && (
              // Not announced: a screen reader would read it each second.
              <span class="quiet number" aria-hidden="true">
                {about(model.now.value - result.at)}
              </span>
            )}
          </>
        ) : outcome ? (
          <Line key={result.id} outcome={outcome} now={model.now.value} site={model.session.value?.tab.site ?? null} />
        ) : (
          result.kind === 'refused' && (
            <>
              <span class="warn-text">
                <WarningIcon />
              </span>
              <span class="cut-off" title={result.problem.message}>
                <strong>{result.operation}</strong>{' '}
                <span class="warn-text">{VERDICT_WORDS[result.lost ? 'interrupted' : 'unavailable'].label.toLowerCase()}:</span>{' '}
                {result.problem.message}
              </span>
            </>
          )
        )}
        <span class="spacer" />
        {outcome && (
          <button type="button" class="link" data-testid="result-details" aria-expanded={isOpen} onClick={toggle}>
            Details
          </button>
        )}
        {!busy && (
          <button
            type="button"
            class="bare"
            data-testid="dismiss-result"
            aria-label="Close the result"
            title="Close"
            onClick={() => model.dismiss()}
          >
            <CloseIcon />
          </button>
        )}
      </div>
    </>
  );
}

const ICONS = { good: DoneIcon, bad: FailedIcon, warn: WarningIcon } as const;

/** Verdict, returned value, error and changes in one line. */
function Line({ outcome, now, site }: { outcome: Outcome; now: number; site: string | null }) {
  const { verdict, operation, answer, note, before, after } = outcome;
  const { label, tone } = VERDICT_WORDS[verdict];
  const Icon = ICONS[tone];
  const error = answer?.error ?? null;
  const why = note ? placeWords(NOTE_WORDS[note], site) : verdict === 'refused' ? REFUSED_WORDS[outcome.expects] : null;
  const changes = changesOf(before, after, now);
  return (
    <>
      <span class={`${tone}-text`}>
        <Icon />
      </span>
      <span class="cut-off">
        <strong>{operation}</strong> <span class={tone === 'good' ? undefined : `${tone}-text`}>{label.toLowerCase()}</span>
        {error ? (
          <span class="bad-text">
            : {error.code !== null && <strong>{error.code}</strong>} {error.message}
          </span>
        ) : (
          answer && ` in ${took(answer.ms)}`
        )}
        {error && answer && <span class="quiet"> · {took(answer.ms)}</span>}
        {answer?.how === 'success' && operation !== 'retrieveToken' && (
          <>
            {' · '}
            {answer.value === null ? (
              <span class="quiet">no return value</span>
            ) : (
              <>
                returned <code>{inLine(answer.value)}</code>
              </>
            )}
          </>
        )}
        {why && ` · ${why}`}
        {changes.map(([what, from, to]) => (
          <span key={what}>
            {` · ${what} `}
            <s>{from}</s> → {to}
          </span>
        ))}
        {!changes.length && <span class="quiet"> · nothing changed</span>}
      </span>
    </>
  );
}
