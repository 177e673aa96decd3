import { useSignal } from '@preact/signals';
import { tableOf } from '@/lib/sdk/dialects';
import { type AccountMatter, type Argument, type ArgumentValues, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { argumentsOf, isEmpty, secretsOf, whatIsWrong, wrongWords } from '@/lib/session/arguments';
import { callText } from '@/lib/session/call-text';
import { type Draft, draftOf, fitting, type Unreadable, valuesOf, withoutSecrets } from '@/lib/session/draft';
import { identityOf, type Session } from '@/lib/session/session';
import { fieldWords } from './account-words';
import { Field } from './fields';
import { FormFrame, type FormProps } from './form-frame';
import { clock } from './format';
import type { Sent } from './model';
import { Chip } from './parts';
import { Presets } from './presets';
import { IDENTITY_WORDS } from './words';

/** The form of an operation on the account: what it needs, what it is given, and exactly what will be sent. */
export function AccountForm({ name, model, session, client, ruled }: FormProps) {
  const { about, loses, note, account: matter } = OPERATIONS[name];
  const binding = tableOf(client.dialect)?.bindings[name];
  const args = argumentsOf(name, binding);
  const known = matter?.edits ? (session.account?.value ?? {}) : null;
  const before = model.sent.value.findLast((one) => leadsTo(one.operation, name));
  // What was filled in when it failed last, or what the step before was given.
  const again = model.sent.value.findLast(
    (one) => one.operation === name && session.last?.id === one.id && session.last.verdict !== 'done',
  );
  const draft = useSignal<Draft>({ ...draftOf(args, known ?? {}), ...fitting(args, again?.draft ?? before?.draft ?? {}) });
  const confirmed = useSignal('');
  const tried = useSignal(false);

  const { values, unreadable } = valuesOf(args, draft.value, known);
  const wrong = { ...whatIsWrong(name, binding, values), ...unreadable };
  const required = args.flatMap((arg) => (arg.type === 'text' && arg.required ? [arg.name] : []));
  const unconfirmed = matter?.confirmedByEmail ? whyNotConfirmed(confirmed.value, session) : null;
  const run = (anyway: boolean) => {
    const id = model.run(name, values, anyway);
    if (id === null) return;
    const kept = { ...(before?.draft ?? {}), ...withoutSecrets(args, draft.value) };
    model.sent.value = [...model.sent.value, { id, operation: name, at: model.now.value, draft: kept }].slice(-SENT_KEPT);
  };
  return (
    <FormFrame
      name={name}
      model={model}
      ruled={ruled}
      lost={loses(values)}
      blocked={Object.keys(wrong).length ? wrongWords(name, wrong) : unconfirmed}
      run={run}
      tryOnly={() => {
        tried.value = true;
      }}
    >
      <p class="quiet">{about}</p>
      {matter && <Needs matter={matter} session={session} />}
      {note && <p class="quiet">{note}</p>}
      {before && <SentBefore sent={before} now={model.now.value} />}
      {model.presets && session.origin !== null && !session.incognito && args.length > 0 && !matter?.confirmedByEmail && (
        <Presets
          shelf={model.presets}
          site={session.origin}
          operation={name}
          draft={withoutSecrets(
            // Of an account that is edited, what was changed.
            known ? args.filter((arg) => arg.name in values) : args,
            draft.value,
          )}
          fill={(filled) => {
            draft.value = { ...draft.value, ...fitting(args, filled) };
          }}
        />
      )}
      <div class={args.length > 6 ? 'fields wide' : 'fields'}>
        {args.map((arg) => (
          <Field
            key={arg.name}
            arg={arg}
            value={draft.value[arg.name] ?? ''}
            set={(value) => {
              draft.value = { ...draft.value, [arg.name]: value };
            }}
            wrong={isUntouched(arg, draft.value, values, unreadable) && !tried.value ? undefined : wrong[arg.name]}
          />
        ))}
      </div>
      {matter?.confirmedByEmail && (
        <ConfirmEmail
          session={session}
          typed={confirmed.value}
          wrong={tried.value && unconfirmed !== null}
          set={(text) => (confirmed.value = text)}
        />
      )}
      {known && <Changes args={args} values={values} known={known} />}
      <div class="preview">
        <h4>What will be sent</h4>
        <pre
          data-testid="preview"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe scrollable-region-focusable)
          tabIndex={0}
        >
          {binding?.kind === 'native' ? callText(binding, client.place, values, { secrets: secretsOf(name), open: required }) : ''}
        </pre>
      </div>
    </FormFrame>
  );
}

/** How many sent forms are remembered. */
const SENT_KEPT = 20;

export const leadsTo = (from: OperationName, to: OperationName): boolean =>
  OPERATIONS[from].account?.leadsTo?.some(({ operation }) => operation === to) ?? false;

/** Nothing was filled in for it: that it is missing is not told before somebody tries. */
const isUntouched = ({ name }: Argument, draft: Draft, values: ArgumentValues, unreadable: Unreadable): boolean =>
  isEmpty(values[name]) && !unreadable[name] && (draft[name] === '' || draft[name] === undefined);

/** Whom it needs, and which permission of the API key. */
function Needs({ matter: { needs, permission }, session: { stage } }: { matter: AccountMatter; session: Session }) {
  const identity = stage.phase === 'attached' ? identityOf(stage.customer, stage.token).identity : 'unknown';
  return (
    <ul class="needs">
      {needs === 'anyone' ? (
        <li class="quiet">Works for everybody: no sign-in is needed.</li>
      ) : identity === 'signed-in' ? (
        <li>
          Needs a signed-in customer: <Chip tone="good">signed in</Chip>
        </li>
      ) : (
        <li class="warn-text">
          Needs a signed-in customer; this one is {IDENTITY_WORDS[identity].toLowerCase()}. The SDK will most likely answer with an error.
        </li>
      )}
      {permission !== null && (
        <li class="quiet">
          The API key must have the permission <code>{permission}</code> of its Client group.
        </li>
      )}
    </ul>
  );
}

function SentBefore({ sent: { operation, at, draft }, now }: { sent: Sent; now: number }) {
  return (
    <p class="sent-before">
      <span class="quiet">
        {OPERATIONS[operation].label}, sent at {clock(at, now)}
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

/** Why what was typed does not confirm the deletion; `null` where it does. */
function whyNotConfirmed(typed: string, { account }: Session): string | null {
  const own = account?.value['email'];
  const text = typed.trim().toLowerCase();
  if (text === '') return "Type the account's e-mail to confirm.";
  if (typeof own === 'string' && own !== '') return text === own.toLowerCase() ? null : "That is not the account's e-mail.";
  return text.includes('@') ? null : 'That is no e-mail.';
}

function ConfirmEmail({ session, typed, wrong, set }: { session: Session; typed: string; wrong: boolean; set(text: string): void }) {
  const own = session.account?.value['email'];
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
        aria-describedby="confirm-email-hint"
        aria-invalid={wrong}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <small id="confirm-email-hint" class="quiet">
        {typeof own === 'string' && own !== '' ? (
          <>
            The account that is signed in is <code>{own}</code>.
          </>
        ) : (
          'The account was not read, so this is compared with nothing: read it first to be sure whose it is.'
        )}
      </small>
    </div>
  );
}

/** What would change, beside what is known. */
function Changes({ args, values, known }: { args: readonly Argument[]; values: ArgumentValues; known: Readonly<Record<string, unknown>> }) {
  const changed = args.filter(({ name }) => name in values);
  if (!changed.length) return null;
  const resets = changed.filter(({ name }) => values[name] === null).map(({ label }) => label);
  return (
    <p>
      {Object.keys(known).length ? 'Changes' : 'Sends'} {new Intl.ListFormat('en').format(changed.map(({ label }) => label))}; the rest
      stays as it is.
      {resets.length > 0 && (
        <span class="warn-text"> {new Intl.ListFormat('en').format(resets)}: emptied, which is sent as null and resets it.</span>
      )}
    </p>
  );
}
