/** Checks of a UUID by hand: what kind it is, and from which identifier it was made. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { validate } from 'uuid';
import { RECIPES } from '@/lib/sdk/dialects/computed';
import { identityHash, type Tried, tryRecipes, uuidKind } from '@/lib/web/recipes';
import { Card, Chip, CopyButton, Fact } from './parts';

/** So many salts, and so many namespaces, are tried with each other. */
const MOST = 50;
/** So many of what the recipes give are listed, those that fit first. */
const LISTED = 200;

const wordsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter(Boolean);

export function CheckUuid({ held }: { held: string | null }) {
  const uuid = useSignal<string | null>(null);
  const identifier = useSignal('');
  const salts = useSignal('');
  const namespaces = useSignal('');
  const asked = (uuid.value ?? held ?? '').trim();
  const named = wordsOf(namespaces.value).map((one) => one.trim());
  const wrong = named.filter((one) => !validate(one));
  const own = wordsOf(salts.value);
  const fine = named.filter((one) => validate(one));
  // The view is drawn each second.
  const tried = useMemo(
    () => (identifier.value.trim() === '' ? [] : tryRecipes(asked, identifier.value, own.slice(0, MOST), fine.slice(0, MOST))),
    [asked, identifier.value, salts.value, namespaces.value],
  );
  const fitting = tried.filter(({ fits }) => fits);
  return (
    <Card title="Check a UUID">
      <p class="quiet">Does a UUID belong to an e-mail or custom id? Every recipe that integrations are known to use is tried.</p>
      <Field id="check-uuid" label="UUID" value={uuid.value ?? held ?? ''} input={(value) => (uuid.value = value)} />
      {asked !== '' && (
        <dl>
          <Fact name="Kind">
            <span data-testid="uuid-kind">{uuidKind(asked).words}</span>
          </Fact>
        </dl>
      )}
      <Field id="check-identifier" label="E-mail or custom id" value={identifier.value} input={(value) => (identifier.value = value)} />
      <details>
        <summary>Salts and namespaces of your own</summary>
        <Area id="check-salts" label="Salts, one a line" value={salts.value} input={(value) => (salts.value = value)} />
        <Area
          id="check-namespaces"
          label="Namespaces (UUIDs), one a line"
          value={namespaces.value}
          input={(value) => (namespaces.value = value)}
        />
        {Math.max(own.length, fine.length) > MOST && <p class="warn-text">Only the first {MOST} of each are tried.</p>}
        {wrong.length > 0 && <p class="warn-text">No UUID: {wrong.join(', ')}.</p>}
      </details>
      {identifier.value !== '' && (
        <dl>
          <Fact name="Identity hash">
            <code data-testid="identity-hash">{identityHash(identifier.value)}</code>{' '}
            <CopyButton what="the identity hash" text={() => identityHash(identifier.value)} />
          </Fact>
        </dl>
      )}
      <div role="status">
        {tried.length > 0 && asked !== '' && (
          <p class="line" data-testid="recipe-verdict" data-fits={String(fitting.length > 0)} data-recipe={fitting[0]?.recipe}>
            <Chip tone={fitting.length ? 'good' : 'warn'} dot>
              {fitting.length ? 'Belongs to it' : 'Fits none'}
            </Chip>
            <span>
              {fitting[0]
                ? `${RECIPES[fitting[0].recipe]}${fitting[0].salt === '' ? '' : `, with the salt “${fitting[0].salt}”`}${fitting[0].identifier === identifier.value ? '' : `, of “${fitting[0].identifier}”`}.`
                : uuidKind(asked).version === 5
                  ? 'It was made from something: another identifier, a salt or a namespace that is not known here.'
                  : 'A UUID that is not of version 5 was not made from an identifier by any of them. How the mobile SDKs make theirs is not published.'}
            </span>
          </p>
        )}
      </div>
      {tried.length > 0 && <Recipes tried={tried} />}
    </Card>
  );
}

function Recipes({ tried }: { tried: readonly Tried[] }) {
  const isOpen = useSignal(false);
  const listed = isOpen.value ? [...tried].sort((one, other) => Number(other.fits) - Number(one.fits)).slice(0, LISTED) : [];
  return (
    <details
      onToggle={({ currentTarget: { open } }) => {
        isOpen.value = open;
      }}
    >
      <summary>What each recipe gives</summary>
      {tried.length > LISTED && (
        <p class="quiet">
          {LISTED} of {tried.length.toLocaleString('en')}, those that fit first.
        </p>
      )}
      <ul class="recipes">
        {listed.map(({ recipe, salt, identifier, uuid, fits }) => (
          <li key={`${recipe} ${salt} ${identifier} ${uuid}`} class={fits ? 'good-text' : undefined}>
            <code>{uuid}</code> <CopyButton what={`the UUID by ${recipe}`} text={() => uuid} />
            <span class="quiet">
              {RECIPES[recipe]}
              {salt && ` · salt “${salt}”`} · “{identifier}”
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

type Input = { readonly id: string; readonly label: string; readonly value: string; input(value: string): void };

function Field({ id, label, value, input }: Input) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        data-testid={id}
        type="text"
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => input(currentTarget.value)}
      />
    </div>
  );
}
function Area({ id, label, value, input }: Input) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        data-testid={id}
        rows={2}
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => input(currentTarget.value)}
      />
    </div>
  );
}
