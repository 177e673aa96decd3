import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { argumentsOf, asked, whatIsWrong, wrongWords } from '@/lib/forms/arguments';
import { type Draft, draftOf, valuesOf } from '@/lib/forms/draft';
import { tableOf } from '@/lib/sdk/dialects';
import type { Recipe } from '@/lib/sdk/dialects/computed';
import type { Binding, Step } from '@/lib/sdk/dialects/dialect';
import type { ArgumentValues } from '@/lib/sdk/operation';
import { OPERATIONS } from '@/lib/sdk/operations';
import type { Session } from '@/lib/session/session';
import { identityHash, uuidOf } from '@/lib/web/recipes';
import { Fields } from './fields';
import { FormFrame, type FormProps } from './form-frame';

type Emulated = Extract<Binding, { kind: 'emulated' }>;

/** The form of a session operation: what must be filled in or confirmed before it runs. */
export function OperationForm({ name, model, session, client, ruled }: FormProps) {
  const { loses, note } = OPERATIONS[name];
  const binding = tableOf(client.dialect)?.bindings[name];
  const emulated = binding?.kind === 'emulated' ? binding : null;
  const all = argumentsOf(name, binding);
  const draft = useSignal<Draft>(draftOf(all));
  const tried = useSignal(false);
  const fields = asked(all, valuesOf(all, draft.value).values);
  const { values } = valuesOf(fields, draft.value);
  // Generated once, so that the UUID shown is the one that is set.
  const random = useMemo(() => crypto.randomUUID(), []);
  const uuid = emulated?.uuid ? uuidFor(emulated.uuid, values, random, session) : null;
  const given = uuid === null ? values : { ...values, uuid };
  const wrong = whatIsWrong(name, binding, given);
  return (
    <FormFrame
      name={name}
      model={model}
      ruled={ruled}
      lost={emulated?.loses ?? loses(values)}
      blocked={wrong && wrongWords(name, wrong)}
      run={(anyway) => model.run(name, given, anyway)}
      tried={tried}
      brief={fields.length === 0 && !emulated}
    >
      <Fields args={fields} draft={draft} wrong={wrong} tried={tried.value} began={null} />
      {emulated?.uuid === 'recipe' && uuid !== null && <HashWords identifier={identifierOf(values)} session={session} />}
      {emulated && <Steps emulated={emulated} place={client.place} values={values} uuid={uuid} />}
      {note && binding?.kind === 'native' && <p class="quiet">{note}</p>}
    </FormFrame>
  );
}

function uuidFor(source: NonNullable<Emulated['uuid']>, values: ArgumentValues, random: string, session: Session): string | null {
  switch (source) {
    case 'random':
      return random;
    case 'previous':
      return session.history.previousUuid;
    case 'recipe':
      return uuidOf(String(values['recipe']) as Recipe, {
        identifier: identifierOf(values),
        salt: String(values['salt'] ?? ''),
        namespace: String(values['namespace'] ?? ''),
      });
  }
}

const identifierOf = (values: ArgumentValues): string => String(values['clientIdentifier'] ?? values['authID'] ?? '');

/** Whether the browser's identity hash matches this identifier; a different one makes the SDK start a new UUID (facts §3.4). */
function HashWords({ identifier, session: { stage } }: { identifier: string; session: Session }) {
  const held = stage.phase === 'attached' ? stage.customer.facts['identityHash'] : undefined;
  if (typeof held !== 'string' || held === '') return null;
  const hash = identityHash(identifier);
  return hash === held ? (
    <p class="quiet">The SDK's identity hash ({held}) belongs to this identifier.</p>
  ) : (
    <p class="warn-text">
      The SDK's identity hash is {held}, this identifier's is {hash}: the browser was recognized as somebody else.
    </p>
  );
}

/** Previews the steps that emulate a method that the SDK lacks. */
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
