/** What an operation's answer means: hints on its error, a conditional sign-in's status, changes to the account. */

import { CONDITIONS, conditionOf, errorHintsOf } from '@/lib/forms/error-hints';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { differences, notReset } from '@/lib/session/account';
import type { AccountChange, Outcome } from '@/lib/session/run';
import { fieldWords } from '../account/account-words';
import { clock } from '../ui/format';

export function ResultMore({ outcome, dialect, now }: { outcome: Outcome; dialect: DialectName | null; now: number }) {
  const { expects, answer, account } = outcome;
  const meanings = answer?.error ? errorHintsOf(outcome, dialect, answer.error) : [];
  const status = expects === 'conditions' ? conditionOf(answer?.value) : null;
  return (
    <>
      {meanings.length > 0 && (
        <div class="meanings">
          <h3>Likely cause</h3>
          <ul>
            {meanings.map(({ text, source }) => (
              <li key={text}>
                {text} <span class="quiet small">({source})</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {status !== null && (
        <p class={status === 'SUCCESS' ? undefined : 'warn-text'}>
          <strong>{status}</strong>: {CONDITIONS[status] ?? 'unknown condition'}
        </p>
      )}
      {account && <AccountDifference change={account} dialect={dialect} now={now} />}
    </>
  );
}

function AccountDifference({ change, dialect, now }: { change: AccountChange; dialect: DialectName | null; now: number }) {
  const { before, after, state } = change;
  if (state === 'unread') return <p class="warn-text">Couldn’t reload the account, so changes are unknown.</p>;
  if (!after)
    return (
      <p class="line quiet">
        <span class="spinner" aria-hidden="true" /> Reloading account…
      </p>
    );
  const dropsNull = dialect === null ? undefined : traitsOf(dialect).dropsNull;
  const rows = differences(before.value, after.value);
  const kept = notReset(change);
  const keptWords = kept.length > 0 && (
    <p class="warn-text">
      Sent as null but not reset: {new Intl.ListFormat('en').format(kept.map(fieldWords))}.{dropsNull !== undefined && ` ${dropsNull}`}
    </p>
  );
  if (!rows.length)
    return (
      <>
        <p class="warn-text">Account unchanged since {clock(before.at, now)}.</p>
        {keptWords}
      </>
    );
  return (
    <>
      {keptWords}
      <ChangesTable
        what="Field"
        caption={`Account changes since ${clock(before.at, now)}`}
        rows={rows.map(({ field, before: was, after: is }) => [fieldWords(field), text(was), text(is)])}
      />
    </>
  );
}

/** What changed, before and after. @param what what the first column names */
export function ChangesTable({
  what,
  caption,
  rows,
}: {
  what: string;
  caption?: string;
  rows: readonly (readonly [name: string, before: string, after: string])[];
}) {
  return (
    <table class="changes">
      {caption !== undefined && <caption class="quiet">{caption}</caption>}
      <thead class="offscreen">
        <tr>
          <th>{what}</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, before, after]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="before">{before}</td>
            <td class="after">{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const text = (value: unknown): string => (value === null ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value));
