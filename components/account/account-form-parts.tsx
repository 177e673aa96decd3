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
  const now = identity === 'unknown' ? 'whether this one is, is not known' : `this one is ${IDENTITY_WORDS[identity].toLowerCase()}`;
  switch (needs) {
    case 'anyone':
      return { fits: null, words: 'Works for everybody: no sign-in is needed.' };
    case 'customer':
      return identity === 'signed-in'
        ? { fits: true, words: 'Needs a signed-in customer, as this one is.' }
        : { fits: false, words: `Needs a signed-in customer; ${now}. The SDK will most likely answer with an error.` };
    case 'anonymous':
      return identity === 'signed-in'
        ? { fits: false, words: `Works for anonymous customers only; ${now}. The SDK will do nothing, without an error.` }
        : { fits: identity === 'anonymous' ? true : null, words: 'Works for anonymous customers only.' };
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
          The API key must have the permission <code>{permission}</code> of its Client group.
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
  if (text === '') return "Type the account's e-mail to confirm.";
  if (typeof own === 'string' && own !== '') return text === own.toLowerCase() ? null : "That is not the account's e-mail.";
  return EMAIL.test(text) ? null : 'That is no e-mail.';
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
      <label for="confirm-email">Type the account's e-mail to delete it</label>
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
            The account that is signed in is <code>{own}</code>.
          </>
        ) : (
          <>
            The account was not read, so this is compared with nothing.{' '}
            <button type="button" class="link" onClick={read}>
              Read it
            </button>{' '}
            to be sure whose it is.
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
      {Object.keys(known).length ? 'Changes' : 'Sends'} {list.format(changed.map(({ label }) => label))}; the rest stays as it is.
      {resets.length > 0 && <span class="warn-text"> Sent as null, which resets or removes: {list.format(resets)}.</span>}
    </p>
  );
}
