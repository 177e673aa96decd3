import { useEffect, useRef } from 'preact/hooks';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { Moment, Outcome } from '@/lib/session/run';
import type { Model, Result } from '../state/model';
import { IDENTITY_WORDS, NOTE_WORDS, REFUSED_WORDS, VERDICT_WORDS } from '../state/words';
import { about, clock, took } from '../ui/format';
import { later } from '../ui/later';
import { Chip, Pre } from '../ui/parts';

const ResultMore = later(async () => (await import('./result-more')).ResultMore);

/** The last operation's result. Always in the document, so that screen readers announce changes. */
export function ResultView({ model }: { model: Model }) {
  const result = model.result.value;
  const busy = result?.kind === 'busy';
  const verdict = verdictOf(result);
  const reread = result?.kind === 'ended' ? result.outcome.account?.state : undefined;
  const section = useRef<HTMLElement>(null);
  const wasBusy = useRef(false);
  useEffect(() => {
    // Scroll to a result that the user just caused, not to one that was there when the view opened.
    const isNews = busy || wasBusy.current || reread === 'read';
    // The account that was read shows in its card.
    if (isNews && !(verdict === 'done' && result?.operation === 'getAccount')) section.current?.scrollIntoView({ block: 'nearest' });
    wasBusy.current = busy;
  }, [result?.id, verdict, busy, reread]);
  return (
    <section
      ref={section}
      class={`result ${result ? '' : 'empty'}`}
      role="status"
      aria-label="Last operation"
      data-testid="operation-result"
      data-run={result?.id}
      data-operation={result?.operation}
      aria-busy={busy ? 'true' : undefined}
      data-verdict={verdict}
    >
      {busy && (
        <p class="line">
          <span class="spinner" aria-hidden="true" />
          <strong>{result.operation}</strong>
          <span class="quiet">running</span>
          {result.at + 2000 < model.now.value && (
            // Hidden from screen readers, which would announce it every second.
            <span class="quiet" aria-hidden="true">
              for {about(model.now.value - result.at)}
            </span>
          )}
        </p>
      )}
      {result?.kind === 'ended' && (
        <Ended outcome={result.outcome} now={model.now.value} dialect={model.session.value?.history.of?.dialect ?? null} />
      )}
      {result?.kind === 'refused' && (
        <p class="line">
          <Chip tone="warn" dot>
            {VERDICT_WORDS[result.lost ? 'interrupted' : 'unavailable'].label}
          </Chip>
          <strong>{result.operation}</strong> <span>{result.problem.message}</span>
        </p>
      )}
    </section>
  );
}

function verdictOf(result: Result | null): string | undefined {
  if (result?.kind === 'ended') return result.outcome.verdict;
  if (result?.kind === 'refused') return result.lost ? 'interrupted' : 'unavailable';
  return undefined;
}

function Ended({ outcome, now, dialect }: { outcome: Outcome; now: number; dialect: DialectName | null }) {
  const { verdict, operation, answer, note, late, before, after } = outcome;
  const { label, tone } = VERDICT_WORDS[verdict];
  const error = answer?.error ?? null;
  const expects = operation === 'retrieveToken' ? 'token' : 'value';
  return (
    <>
      <p class="line">
        <Chip tone={tone} dot>
          {label}
        </Chip>
        <strong>{operation}</strong>
        <span class="quiet">
          {answer && `· ${took(answer.ms)} `}· {clock(outcome.at, now)}
        </span>
      </p>
      {error && (
        <>
          <p class="error-text">
            {error.code !== null && (
              <>
                Code <strong>{error.code}</strong>:{' '}
              </>
            )}
            {error.message}
            {answer?.how === 'threw' && <span class="quiet"> (thrown)</span>}
          </p>
          <ResultMore outcome={outcome} dialect={dialect} now={now} />
          <details>
            <summary>The SDK's whole error</summary>
            <Pre>{JSON.stringify(error.detail, null, 2)}</Pre>
          </details>
        </>
      )}
      {answer?.how === 'success' &&
        (expects === 'token' ? (
          <p class="quiet">The SDK gave the token that the token card shows.</p>
        ) : (
          <Returned value={answer.value} refresh={operation === 'refreshToken'} />
        ))}
      {!error && <ResultMore outcome={outcome} dialect={dialect} now={now} />}
      {verdict === 'refused' && !note && <p>{REFUSED_WORDS[outcome.expects]}</p>}
      {note && <p>{NOTE_WORDS[note]}</p>}
      {late.length > 0 && (
        <p class="warn-text">
          The SDK answered {late.length === 1 ? 'once more' : `${late.length} times more`} ({[...new Set(late)].join(', ')}): noted, and not
          obeyed.
        </p>
      )}
      <Changes before={before} after={after} now={now} />
      <p class="quiet small">Values and errors are reported by the page.</p>
    </>
  );
}

function Returned({ value, refresh }: { value: unknown; refresh: boolean }) {
  if (value === null) return <p class="quiet">The SDK returned nothing.</p>;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <div class="returned">
      <span class="quiet">Returned{refresh && value === true ? ' (the React Native SDK gives true here, never a token)' : ''}:</span>
      {text.length > 200 ? <Pre>{text}</Pre> : <code>{text}</code>}
    </div>
  );
}

/** What changed, side by side; a single line if nothing did. */
function Changes({ before, after, now }: { before: Moment; after: Moment; now: number }) {
  const token = ({ token: known }: Moment) =>
    known ? `${known.origin ?? 'no origin'}${known.expiresAt === null ? '' : `, until ${clock(known.expiresAt, now)}`}` : 'none';
  const rows: (readonly [string, string, string])[] = [];
  if (before.uuid !== after.uuid) rows.push(['UUID', before.uuid ?? 'none', after.uuid ?? 'none']);
  const [was, is] = [before.token?.clientId ?? null, after.token?.clientId ?? null];
  if (was !== is && was !== null && is !== null) rows.push(['Client id', was, is]);
  if (before.identity !== after.identity) rows.push(['Identity', IDENTITY_WORDS[before.identity], IDENTITY_WORDS[after.identity]]);
  if (before.token?.fingerprint !== after.token?.fingerprint) rows.push(['Token', token(before), token(after)]);
  if (!rows.length) return <p class="quiet">Neither UUID, identity nor token changed.</p>;
  return (
    <table class="changes">
      <thead class="offscreen">
        <tr>
          <th>What</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([what, from, to]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td class="before">{from}</td>
            <td class="after">{to}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
