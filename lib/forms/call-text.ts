import { given } from '../page/call-arguments';
import type { Binding, Convention } from '../sdk/dialects/dialect';
import type { ArgumentValues } from '../sdk/operation';
import type { Plain } from '../sdk/plain-data';

/** Shown in place of a secret value; `TO_COME`: in place of a value that isn't filled in yet. */
export const VEIL = '••••••';
const TO_COME = Object.freeze({ text: '…' });

/** The text shown for a value, by the object that takes the value's place in the call. */
const SIGNS = new WeakMap<object, string>([[TO_COME, TO_COME.text]]);
/** A placeholder that shows the argument's name, to tell several masked values apart. */
function veilOf(name: string): { readonly veil: string } {
  const veil = { veil: name };
  SIGNS.set(veil, `"${VEIL}" /* ${name} */`);
  return veil;
}

const AFTER: Readonly<Record<Convention, string>> = { sync: '', callbacks: 'onSuccess, onError', named: '', call: '' };

/**
 * The call that an operation makes in the page, as text: exactly what is sent, in the SDK's own order and names, with
 * secrets masked. @param open names of the arguments that are not filled in yet
 */
export function callText(
  binding: Extract<Binding, { kind: 'native' }>,
  place: string,
  values: ArgumentValues,
  { secrets, open }: { readonly secrets: readonly string[]; readonly open: readonly string[] },
): string {
  const veiled = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secrets.includes(name) ? veilOf(name) : value]));
  const toCome = Object.fromEntries(open.filter((name) => !(name in values)).map((name) => [name, TO_COME]));
  const { method, written = method.split('|')[0], convention } = binding;
  const passed = given(binding, { ...toCome, ...veiled });
  const beside = Object.entries(passed.named).map(([name, value]) => `${name}: ${literal(value)}`);
  const all = [
    ...passed.args.map(literal),
    ...(convention === 'named' ? [`{ ${[...beside, 'onSuccess', 'onError'].join(', ')} }`] : []),
    ...(AFTER[convention] ? [AFTER[convention]] : []),
  ];
  return `${place}.${written}(${all.join(', ')})${convention === 'call' ? '.execute(onSuccess, onFailure)' : ''}`;
}

/** A value as it would be written in a script. */
function literal(value: Plain): string {
  const sign = SIGNS.get(value as object);
  if (sign !== undefined) return sign;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value as Plain[], literal).join(', ')}]`;
  const fields = Object.entries(value).map(
    ([name, one]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${literal(one)}`,
  );
  return fields.length ? `{ ${fields.join(', ')} }` : '{}';
}
