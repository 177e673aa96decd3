/** Manual UUID check: its version, and the identifier that it was derived from. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { identityHash, identityHashOfBytes, readUuid, recipeWords, type Tried, tryRecipes, uuidKind } from '@/lib/web/recipes';
import { Card, Fact } from '../ui/cards';
import { Chip, CopyButton } from '../ui/parts';

/** The most salts, and the most namespaces, that are combined. */
const MOST = 50;
/** The most results that are listed, matches first. */
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
  const typed = (uuid.value ?? held ?? '').trim();
  const read = readUuid(typed);
  const asked = read ?? typed;
  const named = wordsOf(namespaces.value).map((one) => one.trim());
  const wrong = named.filter((one) => readUuid(one) === null);
  const own = wordsOf(salts.value);
  const fine = named.flatMap((one) => readUuid(one) ?? []);
  // The view renders every second.
  const tried = useMemo(
    () => (identifier.value.trim() === '' ? [] : tryRecipes(asked, identifier.value, own.slice(0, MOST), fine.slice(0, MOST))),
    [asked, identifier.value, salts.value, namespaces.value],
  );
  const [fitting] = tried[0]?.fits ? tried : [];
  const hash = identityHash(identifier.value);
  const hashOfBytes = identityHashOfBytes(identifier.value);
  return (
    <Card title="UUID check">
      <p class="quiet">Check whether a UUID was derived from an email or Custom ID (all known UUIDv5 schemes).</p>
      <Field id="check-uuid" label="UUID" value={uuid.value ?? held ?? ''} input={(value) => (uuid.value = value)} />
      {asked !== '' && (
        <dl>
          <Fact name="Kind">
            <span data-testid="uuid-kind">{uuidKind(asked).words}</span>
            {asked !== typed && (
              <span class="quiet">
                {' '}
                · read as <code>{asked}</code>
              </span>
            )}
          </Fact>
        </dl>
      )}
      <Field id="check-identifier" label="Email or Custom ID" value={identifier.value} input={(value) => (identifier.value = value)} />
      <details>
        <summary>Custom salts and namespaces</summary>
        <Field rows={2} id="check-salts" label="Salts (one per line)" value={salts.value} input={(value) => (salts.value = value)} />
        <Field
          rows={2}
          id="check-namespaces"
          label="Namespaces (one UUID per line)"
          value={namespaces.value}
          input={(value) => (namespaces.value = value)}
        />
        {Math.max(own.length, fine.length) > MOST && <p class="warn-text">Only the first {MOST} of each are used.</p>}
        {wrong.length > 0 && <p class="warn-text">Not a valid UUID: {wrong.join(', ')}</p>}
      </details>
      {identifier.value !== '' && (
        <dl>
          <Fact name="Identity hash">
            <code data-testid="identity-hash">{hash}</code> <CopyButton what="the identity hash" text={() => hash} />
          </Fact>
          {hashOfBytes !== hash && (
            <Fact name="Identity hash (PHP)">
              <code data-testid="identity-hash-bytes">{hashOfBytes}</code>{' '}
              <CopyButton what="the identity hash (PHP)" text={() => hashOfBytes} />
              <p class="quiet">PHP hashes bytes, the Web SDK characters: they differ for non-ASCII text.</p>
            </Fact>
          )}
        </dl>
      )}
      <div role="status">
        {tried.length > 0 && asked !== '' && (
          <p class="line" data-testid="recipe-verdict" data-fits={String(fitting !== undefined)} data-recipe={fitting?.recipe}>
            <Chip tone={fitting ? 'good' : 'warn'} dot>
              {fitting ? 'Match' : read === null ? 'Invalid UUID' : 'No match'}
            </Chip>
            <span>
              {fitting
                ? `${recipeWords(fitting)}${fitting.identifier === identifier.value ? '' : ` (“${fitting.identifier}”)`}.`
                : misfitWords(read)}
            </span>
          </p>
        )}
      </div>
      {tried.length > 0 && <Recipes tried={tried} />}
    </Card>
  );
}

/** Why no recipe matches. @param uuid `null` if it isn't a valid UUID */
function misfitWords(uuid: string | null): string {
  if (uuid === null) return 'Not a valid UUID.';
  const { version, words } = uuidKind(uuid);
  switch (version) {
    case 0:
    case 15:
      return `${words[0]?.toUpperCase()}${words.slice(1)}: not derived from anything.`;
    case 5:
      return 'Derived from something else: another identifier, or an unknown salt or namespace.';
    default:
      return 'Only v5 UUIDs are derived by these schemes. The mobile SDKs’ algorithm isn’t published.';
  }
}

function Recipes({ tried }: { tried: readonly Tried[] }) {
  const isOpen = useSignal(false);
  const listed = isOpen.value ? tried.slice(0, LISTED) : [];
  return (
    <details
      onToggle={({ currentTarget: { open } }) => {
        isOpen.value = open;
      }}
    >
      <summary>All derivations</summary>
      {tried.length > LISTED && (
        <p class="quiet">
          {LISTED} of {tried.length.toLocaleString('en')}, matches first
        </p>
      )}
      <ul class="recipes">
        {listed.map((one) => (
          <li key={`${one.namespace} ${one.order} ${one.salt} ${one.identifier}`} class={one.fits ? 'good-text' : undefined}>
            <code>{one.uuid}</code> <CopyButton what={`the UUID from ${one.recipe}`} text={() => one.uuid} />
            <span class="quiet">
              {recipeWords(one)} · “{one.identifier}”
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** @param rows of a text of several lines; without, it has one */
function Field({ id, label, value, input, rows }: { id: string; label: string; value: string; input(value: string): void; rows?: number }) {
  const same = {
    id,
    'data-testid': id,
    spellcheck: false,
    value,
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => input(currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows === undefined ? <input type="text" {...same} /> : <textarea rows={rows} {...same} />}
    </div>
  );
}
