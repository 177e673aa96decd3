/** Inputs for each type of argument, built from the catalog. */
import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { MAX_JWT, MAX_TEXT, type Wrong } from '@/lib/forms/arguments';
import { type Draft, type Filled, mergedRows, parsed, type Row, rowsOf, type Tristate } from '@/lib/forms/draft';
import { decodeToken } from '@/lib/jwt/token';
import { isRecord } from '@/lib/page/plain';
import type { Argument, Format } from '@/lib/sdk/operation';

interface FieldProps {
  readonly arg: Argument;
  readonly value: Filled;
  set(value: Filled): void;
  /** Why it can't be sent, to follow the label. */
  readonly wrong: string | undefined;
  /** The account's value, to tell unchanged and removed ones. */
  readonly began?: Filled | undefined;
}

const INPUT_TYPES: Partial<Record<Format, string>> = { email: 'email', phone: 'tel', date: 'date', url: 'url' };

/**
 * The inputs of several arguments.
 * @param tried the user tried to send the form; before that, a missing value isn't an error
 * @param began the account's values, if an account is edited
 */
export function Fields({
  args,
  draft,
  wrong,
  tried,
  began,
}: {
  args: readonly Argument[];
  draft: Signal<Draft>;
  wrong: Wrong | null;
  tried: boolean;
  began: Draft | null;
}) {
  return (
    <>
      {args.map((arg) => (
        <Field
          key={arg.name}
          arg={arg}
          value={draft.value[arg.name] ?? ''}
          set={(value) => {
            draft.value = { ...draft.value, [arg.name]: value };
          }}
          began={began?.[arg.name]}
          wrong={(draft.value[arg.name] ?? '') === '' && !tried ? undefined : wrong?.[arg.name]}
        />
      ))}
    </>
  );
}

/** A labeled input with its hint and its error. */
function Field({ arg, value, set, wrong, began }: FieldProps) {
  const id = `argument-${arg.name}`;
  const isGroup = arg.type === 'tristates' || arg.type === 'map';
  const hint = arg.hint === undefined ? undefined : `${id}-hint`;
  const described = { 'aria-describedby': [hint, wrong ? `${id}-wrong` : ''].filter(Boolean).join(' ') || undefined };
  const isRequired = arg.type === 'text' && arg.required;
  const notes = (
    <>
      {wrong && (
        <small id={`${id}-wrong`} class="warn-text">
          {arg.label} {wrong}.
        </small>
      )}
      {arg.type === 'text' && arg.format === 'jwt' && <TokenWords raw={String(value)} />}
      {arg.hint && (
        <small id={hint} class="quiet">
          {arg.hint}
        </small>
      )}
    </>
  );
  if (isGroup)
    return (
      <fieldset class={`field ${arg.type}`} data-testid={id} data-wrong={wrong !== undefined} {...described}>
        <legend>{arg.label}</legend>
        {arg.type === 'tristates' ? (
          <Tristates id={id} of={arg.of} value={value as Readonly<Record<string, Tristate>>} set={set} edits={began !== undefined} />
        ) : (
          <Rows label={arg.label} rows={value as readonly Row[]} began={(began ?? []) as readonly Row[]} set={set} />
        )}
        {notes}
      </fieldset>
    );
  return (
    <div class={`field ${arg.type}`}>
      <label for={id}>
        {arg.label}
        {began !== undefined && began !== value && <span class="changed"> · changed</span>}
        {isRequired && (
          <span class="required" title="required" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      <Input arg={arg} id={id} value={value} set={set} wrong={wrong !== undefined} described={described['aria-describedby']} />
      {notes}
    </div>
  );
}

function Input({
  arg,
  id,
  value,
  set,
  wrong,
  described,
}: Omit<FieldProps, 'wrong'> & { id: string; wrong: boolean; described: string | undefined }) {
  const common = { id, 'data-testid': id, 'aria-describedby': described };
  switch (arg.type) {
    case 'text':
      return arg.secret ? (
        <Secret {...common} label={arg.label} value={String(value)} required={arg.required} wrong={wrong} max={maxOf(arg)} set={set} />
      ) : (
        <input
          {...common}
          {...({ type: (arg.format && INPUT_TYPES[arg.format]) ?? 'text' } as { type: 'text' })}
          value={String(value)}
          required={arg.required}
          aria-invalid={wrong}
          autoComplete="off"
          maxLength={maxOf(arg)}
          spellcheck={false}
          onInput={(event) => set(event.currentTarget.value.trim() === '' ? '' : event.currentTarget.value)}
        />
      );
    case 'choice':
      return (
        <select {...common} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {arg.optional && <option value="">—</option>}
          {arg.options.map((option) => (
            <option key={option} value={option}>
              {arg.words?.[option] ?? option}
            </option>
          ))}
        </select>
      );
    case 'list':
      return (
        <input
          {...common}
          value={String(value)}
          aria-invalid={wrong}
          autoComplete="off"
          maxLength={MAX_TEXT}
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
    case 'flag':
      return <input {...common} type="checkbox" checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
    default:
      return <TristateSelect {...common} value={value as Tristate} set={set} />;
  }
}

const maxOf = (arg: Argument) => (arg.type === 'text' && arg.format === 'jwt' ? MAX_JWT : MAX_TEXT);

/** A password, code or token, hidden until the user reveals it. */
function Secret({
  label,
  value,
  required,
  wrong,
  max,
  set,
  ...rest
}: {
  label: string;
  value: string;
  required: boolean;
  wrong: boolean;
  max: number;
  set(value: string): void;
  id: string;
  'data-testid': string;
  'aria-describedby': string | undefined;
}) {
  const shown = useSignal(false);
  return (
    <span class="secret">
      <input
        {...rest}
        {...({ type: shown.value ? 'text' : 'password' } as { type: 'text' })}
        value={value}
        required={required}
        aria-invalid={wrong}
        // Keeps the browser from filling in a saved password.
        autoComplete="new-password"
        maxLength={max}
        spellcheck={false}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <button
        type="button"
        class="small"
        aria-pressed={shown.value}
        aria-label={`Show ${label}`}
        onClick={() => {
          shown.value = !shown.value;
        }}
      >
        {shown.value ? 'Hide' : 'Show'}
      </button>
    </span>
  );
}

function TristateSelect({
  value,
  set,
  open = 'unchanged',
  ...rest
}: {
  value: Tristate;
  set(value: Tristate): void;
  /** Label of the option for neither. */
  open?: string;
  id: string;
  'data-testid': string;
}) {
  return (
    <select {...rest} value={value} onChange={(event) => set(event.currentTarget.value as Tristate)}>
      <option value="">{open}</option>
      <option value="true">yes</option>
      <option value="false">no</option>
    </select>
  );
}

function Tristates({
  id,
  of,
  value,
  set,
  edits,
}: {
  id: string;
  of: readonly string[];
  value: Readonly<Record<string, Tristate>>;
  set(value: Filled): void;
  edits: boolean;
}) {
  return (
    <div class="tristate-list">
      {of.map((name) => (
        <label key={name} for={`${id}.${name}`}>
          <span>{name}</span>
          <TristateSelect
            id={`${id}.${name}`}
            data-testid={`${id}.${name}`}
            open={edits ? 'unchanged' : 'not set'}
            value={value[name] ?? ''}
            set={(next) => set({ ...value, [name]: next })}
          />
        </label>
      ))}
    </div>
  );
}

/** Keys and values, or several at once as JSON. `began`: the account's own, which can be restored after removal. */
function Rows({
  label,
  rows,
  began,
  set,
}: {
  label: string;
  rows: readonly Row[];
  began: readonly Row[];
  set(rows: readonly Row[]): void;
}) {
  const add = useRef<HTMLButtonElement>(null);
  const shown = rows.length ? rows : [{ key: '', text: '' }];
  const gone = began.filter(({ key }) => !rows.some((row) => row.key === key));
  const change = (at: number, change: Partial<Row>) => set(shown.map((row, index) => (index === at ? { ...row, ...change } : row)));
  const paste = (text: string) => {
    const value = parsed(text);
    if (isRecord(value)) set(mergedRows(rows, rowsOf(value)));
  };
  return (
    <>
      <details class="as-json">
        <summary>Paste JSON</summary>
        <textarea
          aria-label={`${label} as JSON: merged into the list`}
          rows={3}
          spellcheck={false}
          placeholder='{"size": 38, "vip": true}'
          onInput={(event) => paste(event.currentTarget.value)}
        />
      </details>
      <div class="rows">
        {shown.map(({ key, text }, at) => (
          <div class="row" key={at}>
            <input
              type="text"
              aria-label={`${label}: key ${at + 1}`}
              placeholder="key"
              value={key}
              maxLength={MAX_TEXT}
              spellcheck={false}
              autoComplete="off"
              onInput={(event) => change(at, { key: event.currentTarget.value })}
            />
            <input
              type="text"
              aria-label={`${label}: value ${at + 1}, text or JSON`}
              placeholder="text or JSON"
              value={text}
              maxLength={MAX_TEXT}
              spellcheck={false}
              autoComplete="off"
              onInput={(event) => change(at, { text: event.currentTarget.value })}
            />
            <button
              type="button"
              class="small"
              aria-label={`Remove ${key || `row ${at + 1}`}`}
              onClick={() => {
                set(shown.filter((_row, index) => index !== at));
                // Not the next row's button, which a second key press would trigger.
                add.current?.focus();
              }}
            >
              ✕
            </button>
          </div>
        ))}
      </div>
      {gone.map((row) => (
        <p key={row.key} class="line warn-text">
          <span>
            <code>{row.key}</code> will be removed.
          </span>
          <button type="button" class="small" aria-label={`Put ${row.key} back`} onClick={() => set([...rows, row])}>
            Put back
          </button>
        </p>
      ))}
      <button
        ref={add}
        type="button"
        class="small"
        aria-label={`Add to ${label.toLowerCase()}`}
        onClick={() => set([...shown, { key: '', text: '' }])}
      >
        Add
      </button>
    </>
  );
}

/** A summary of a pasted token's claims. */
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
