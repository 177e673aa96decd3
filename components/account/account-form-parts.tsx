/** The parts of an account form besides its fields: requirements, the previous step, the changes, and the deletion's confirmation. */

import { EMAIL } from '@/lib/forms/arguments';
import type { AccountMatter, Argument, ArgumentValues } from '@/lib/sdk/operation';
import { OPERATIONS } from '@/lib/sdk/operations';
import { resetsOf } from '@/lib/session/account';
import { momentNow } from '@/lib/session/identity';
import type { Session } from '@/lib/session/session';
import type { Identity } from '@/lib/session/terms';
import type { Model, Sent } from '../state/model';
import { IDENTITY_WORDS } from '../state/words';
import { clock } from '../ui/format';
import { fieldWords } from './account-words';

/** Whether the operation works for the current customer; `null` if that doesn't matter or isn't known. */
function fitWords(needs: AccountMatter['needs'], identity: Identity): { readonly fits: boolean | null; readonly words: string } {
  const now = identity === 'unknown' ? 'sign-in state unknown' : `now ${IDENTITY_WORDS[identity].toLowerCase()}`;
  switch (needs) {
    case 'anyone':
      return { fits: null, words: 'No sign-in required' };
    case 'customer':
      return identity === 'signed-in'
        ? { fits: true, words: '✓ Signed in (required)' }
        : { fits: false, words: `Requires sign-in (${now}). The SDK will probably return an error.` };
    case 'anonymous':
      return identity === 'signed-in'
        ? { fits: false, words: `Anonymous customers only (${now}). The SDK will silently ignore it.` }
        : { fits: identity === 'anonymous' ? true : null, words: 'Anonymous customers only' };
  }
}

/** The customer and the API key permission that the operation needs. */
export function Needs({ matter: { needs, permission }, session }: { matter: AccountMatter; session: Session }) {
  const { fits, words } = fitWords(needs, momentNow(session)?.identity ?? 'unknown');
  return (
    <ul class="needs">
      <li class={fits === false ? 'warn-text' : fits ? 'good-text' : 'quiet'}>{words}</li>
      {permission !== null && (
        <li class="quiet">
          API key permission: <code>{permission}</code> (Client group)
        </li>
      )}
    </ul>
  );
}

/** The first of two steps, as it was sent. */
export function SentBefore({ sent: { operation, at, draft }, now }: { sent: Sent; now: Model['now'] }) {
  return (
    <p class="sent-before">
      <span class="quiet">
        {OPERATIONS[operation].label}, sent at {clock(at, now.value)}
      </span>{' '}
      {Object.entries(draft)
        .filter(([, value]) => typeof value === 'string' && value !== '')
        .map(([name, value]) => (
          <span key={name} class="sent-value">
            {fieldWords(name)}: <code>{String(value)}</code>
          </span>
        ))}
    </p>
  );
}

/** Why the typed text doesn't confirm the deletion; `null` if it does. */
export function whyNotConfirmed(typed: string, account: Session['history']['account']): string | null {
  const own = account?.value['email'];
  const text = typed.trim().toLowerCase();
  if (text === '') return 'Type the account’s email to confirm.';
  if (typeof own === 'string' && own !== '') return text === own.toLowerCase() ? null : 'Not the account’s email.';
  return EMAIL.test(text) ? null : 'Not a valid email address.';
}

/** The input for the email that confirms an account's deletion. */
export function ConfirmEmail({
  read,
  account,
  typed,
  wrong,
  set,
}: {
  read(): void;
  account: Session['history']['account'];
  typed: string;
  wrong: boolean;
  set(text: string): void;
}) {
  const own = account?.value['email'];
  return (
    <div class="field">
      <label for="confirm-email">Type the account’s email to confirm</label>
      <input
        id="confirm-email"
        data-testid="confirm-email"
        type="text"
        inputMode="email"
        autoComplete="off"
        spellcheck={false}
        value={typed}
        aria-describedby="confirm-email-hint run-reason"
        aria-invalid={wrong}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <small id="confirm-email-hint" class="quiet">
        {typeof own === 'string' && own !== '' ? (
          <>
            Signed-in account: <code>{own}</code>
          </>
        ) : (
          <>
            Account not loaded, so this can’t be checked.{' '}
            <button type="button" class="link" onClick={read}>
              Load account
            </button>
          </>
        )}
      </small>
    </div>
  );
}

/** What would change, next to the known values; lists by name what is emptied or removed. */
export function Changes({
  args,
  values,
  known,
}: {
  args: readonly Argument[];
  values: ArgumentValues;
  known: Readonly<Record<string, unknown>>;
}) {
  const changed = args.filter(({ name }) => name in values);
  if (!changed.length) return null;
  const resets = resetsOf(values).map((field) => changed.find(({ name }) => name === field)?.label ?? field.slice(field.indexOf('.') + 1));
  const list = new Intl.ListFormat('en');
  return (
    <p>
      {Object.keys(known).length ? 'Updates' : 'Sends'} {list.format(changed.map(({ label }) => label))}. Other fields are unchanged.
      {resets.length > 0 && <span class="warn-text"> Resets (null): {list.format(resets)}.</span>}
    </p>
  );
}
