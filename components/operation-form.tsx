import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { validate } from 'uuid';
import { tableOf } from '@/lib/sdk/dialects';
import type { Recipe } from '@/lib/sdk/dialects/computed';
import type { Binding, Step } from '@/lib/sdk/dialects/dialect';
import { type Argument, type ArgumentValues, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { ClientInfo } from '@/lib/sdk/wire';
import type { Ruling } from '@/lib/session/ruling';
import type { Session } from '@/lib/session/session';
import { decodeToken } from '@/lib/session/token';
import { identityHash, uuidOf } from '@/lib/web/recipes';
import type { Model } from './model';

type Emulated = Extract<Binding, { kind: 'emulated' }>;

/** What an operation needs to know, or to have confirmed, before it runs. */
export function OperationForm({
  name,
  model,
  session,
  client,
  ruled,
}: {
  name: OperationName;
  model: Model;
  session: Session;
  client: ClientInfo;
  ruled: Ruling;
}) {
  const { label, args, loses, note } = OPERATIONS[name];
  const binding = tableOf(client.dialect)?.bindings[name];
  const emulated = binding?.kind === 'emulated' ? binding : null;
  const all = [...args, ...(emulated?.asks ?? [])];
  const values = useSignal<ArgumentValues>(Object.fromEntries(all.map((arg) => [arg.name, initial(arg)])));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Never on the button that loses something: the key that opened the form may still be down.
    const first = form.current?.querySelector<HTMLElement>('input, select, [data-testid="cancel"]');
    first?.focus();
  }, []);
  const asked = all.filter(({ only }) => !only || Object.entries(only).every(([key, fits]) => fits.includes(String(values.value[key]))));
  // Made once, so that what is shown is what is set.
  const random = useMemo(() => crypto.randomUUID(), []);
  const uuid = emulated?.uuid ? uuidFor(emulated.uuid, values.value, random, session) : null;
  const lost = emulated?.loses ?? loses(values.value);
  const out = ruled.kind === 'ruled-out';
  const wrong = asked.map((arg) => [arg, whyNot(arg, values.value[arg.name])] as const).find(([, reason]) => reason !== null);
  const close = () => {
    model.form.value = null;
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wrong || (out && !ruled.anyway)) return;
    const given = Object.fromEntries(asked.map((arg) => [arg.name, values.value[arg.name] ?? '']));
    model.run(name, uuid === null ? given : { ...given, uuid }, out);
  };
  return (
    <form
      ref={form}
      class="form"
      data-testid={`form-${name}`}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      noValidate
    >
      <h3>{label}</h3>
      {out && <p class="warn-text">{ruled.reason}</p>}
      {asked.map((arg) => (
        <Field
          key={arg.name}
          arg={arg}
          value={values.value[arg.name] ?? ''}
          set={(value) => {
            values.value = { ...values.value, [arg.name]: value };
          }}
        />
      ))}
      {emulated?.uuid === 'recipe' && uuid !== null && <HashWords identifier={identifierOf(values.value)} session={session} />}
      {emulated && <Steps emulated={emulated} place={client.place} values={values.value} uuid={uuid} />}
      {lost.length > 0 && (
        <p>
          This will be lost: <strong>{new Intl.ListFormat('en').format(lost)}</strong>.
        </p>
      )}
      {note && binding?.kind === 'native' && <p class="quiet">{note}</p>}
      <div class="line">
        <button
          type="submit"
          class={lost.length ? 'primary danger' : 'primary'}
          data-testid={out ? 'run-anyway' : 'run'}
          disabled={!!wrong || (out && !ruled.anyway)}
          title={wrong ? `${wrong[0].label}: ${wrong[1]}` : undefined}
        >
          {out ? 'Run anyway' : label}
        </button>
        <button type="button" data-testid="cancel" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function uuidFor(source: NonNullable<Emulated['uuid']>, values: ArgumentValues, random: string, session: Session): string | null {
  switch (source) {
    case 'random':
      return random;
    case 'previous':
      return session.previousUuid;
    case 'recipe':
      return uuidOf(String(values['recipe']) as Recipe, {
        identifier: identifierOf(values),
        salt: String(values['salt'] ?? ''),
        namespace: String(values['namespace'] ?? ''),
      });
  }
}

const identifierOf = (values: ArgumentValues): string => String(values['clientIdentifier'] ?? values['authID'] ?? '');

/** Whether the browser's identity hash belongs to this identifier: another one makes the SDK begin a new UUID (facts §3.4). */
function HashWords({ identifier, session: { stage } }: { identifier: string; session: Session }) {
  const held = stage.phase === 'attached' ? stage.customer.facts['identityHash'] : undefined;
  if (typeof held !== 'string' || held === '') return null;
  const hash = identityHash(identifier);
  return hash === held ? (
    <p class="quiet">The SDK's identity hash ({held}) belongs to this identifier.</p>
  ) : (
    <p class="warn-text">
      The SDK's identity hash is {held}, this identifier's is {hash}: the browser was recognised as somebody else.
    </p>
  );
}

/** What the inspector does in place of a method that the SDK does not have, before it does it. */
function Steps({
  emulated: { about, steps },
  place,
  values,
  uuid,
}: {
  emulated: Emulated;
  place: string;
  values: ArgumentValues;
  uuid: string | null;
}) {
  const argument = (name: string) => (name === 'uuid' ? (uuid ?? '…') : String(values[name] ?? '…'));
  return (
    <div class="steps">
      <p>{about}</p>
      <ol>
        {steps.map((step) => (
          <li key={JSON.stringify(step)}>{stepWords(step, place, argument)}</li>
        ))}
      </ol>
    </div>
  );
}

function stepWords(step: Step, place: string, argument: (name: string) => string) {
  switch (step.do) {
    case 'call':
      return (
        <>
          <code>
            {place}.{step.method.split('|')[0]}({step.args.map((name) => `'${argument(name)}'`).join(', ')})
          </code>
          {step.optional && <span class="quiet"> where the SDK has it</span>}
        </>
      );
    case 'answer':
      return (
        <>
          reads <code>{step.value.replace('^', '')}</code>
        </>
      );
    case 'give':
      return (
        <>
          gives <code>{argument(step.arg)}</code> and calls nothing in the page
        </>
      );
    case 'forget':
      return (
        <>
          removes the cookies <code>{step.cookies}*</code> that script can reach, and names what is left
        </>
      );
    case 'reload':
      return 'reloads the page';
  }
}

const initial = (arg: Argument): string | boolean => (arg.type === 'flag' ? false : arg.type === 'choice' ? (arg.options[0] ?? '') : '');

/** Why a value cannot be sent; `null` where it can. */
function whyNot(arg: Argument, value: string | boolean | undefined): string | null {
  if (arg.type !== 'text' || typeof value !== 'string') return null;
  if (value === '') return arg.required ? 'is missing' : null;
  if (arg.format === 'uuid' && !validate(value)) return 'is not a UUID';
  if (arg.format === 'jwt' && !decodeToken(value).claims) return 'is not a JWT: three parts, the first two readable JSON in base64url';
  return null;
}

/** What a pasted token says of itself. */
function TokenWords({ raw }: { raw: string }) {
  const { header, claims } = decodeToken(raw);
  if (!claims) return null;
  const algorithm = String(header?.['alg'] ?? 'none');
  const expires = typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : null;
  return (
    <>
      {algorithm !== 'RS256' && <small class="warn-text">Signed with {algorithm}; the Web SDK's tokens use RS256.</small>}
      {expires !== null && expires <= Date.now() && <small class="warn-text">It has expired already.</small>}
    </>
  );
}

function Field({ arg, value, set }: { arg: Argument; value: string | boolean; set(value: string | boolean): void }) {
  const id = `argument-${arg.name}`;
  const hint = arg.hint === undefined ? undefined : `${id}-hint`;
  const reason = value === '' ? null : whyNot(arg, value);
  const common = { id, 'data-testid': id, 'aria-describedby': [hint, reason ? `${id}-wrong` : ''].filter(Boolean).join(' ') || undefined };
  return (
    <div class={`field ${arg.type}`}>
      <label for={id}>{arg.label}</label>
      {arg.type === 'text' && (
        <input
          {...common}
          {...(arg.secret ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
          value={String(value)}
          required={arg.required}
          aria-invalid={reason !== null}
          autoComplete="off"
          maxLength={arg.format === 'jwt' ? 64_000 : 10_000}
          spellcheck={false}
          onInput={(event) => set(event.currentTarget.value.trim() === '' ? '' : event.currentTarget.value)}
        />
      )}
      {arg.type === 'choice' && (
        <select {...common} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {arg.options.map((option) => (
            <option key={option} value={option}>
              {arg.words?.[option] ?? option}
            </option>
          ))}
        </select>
      )}
      {arg.type === 'flag' && (
        <input {...common} type="checkbox" checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
      )}
      {reason && (
        <small id={`${id}-wrong`} class="warn-text">
          {arg.label} {reason}.
        </small>
      )}
      {arg.type === 'text' && arg.format === 'jwt' && <TokenWords raw={String(value)} />}
      {arg.hint && (
        <small id={hint} class="quiet">
          {arg.hint}
        </small>
      )}
    </div>
  );
}
