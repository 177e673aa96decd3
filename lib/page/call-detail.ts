/** The arguments of a page call as bounded data without secrets. Each getter runs once, except for those of secret arguments. */

import type { Plain } from '../sdk/plain-data';
import { keys } from './builtins-more';
import { each, filter, includes, push, split } from './own';
import { CALL, peek, plain, VEILED, veiled } from './plain';

/** The arguments of one call. */
export interface Entered {
  readonly args: Plain;
  /** Texts that no report of the call's result may repeat. */
  readonly secrets: readonly string[];
}

/** Names that indicate a secret, whoever chose them; compared in lower case and by letters alone. */
const NAMES = /passw|pwd|passphrase|pass$|token$|secret|credential|otp$|authfactor|^pin$|pincode|confirmationcode|apikey/;

function isSecretName(name: string): boolean {
  try {
    return NAMES.test(name.toLowerCase().replace(/[^a-z]/g, ''));
  } catch {
    // If the page replaced these methods, the value of every name is hidden.
    return true;
  }
}

/** Fewest digits of a number that counts as a secret: shorter numbers occur everywhere. */
const SHORTEST_NUMBER = 4;

/** Reads the arguments of a call. @param secretPlaces where the secrets are, as paths from the arguments: `0`, `2.password` */
export function enter(args: readonly unknown[], secretPlaces: readonly string[]): Entered {
  const secrets: string[] = [];
  const collect = (value: Plain): void => {
    if (typeof value === 'string') push(secrets, value);
    else if (typeof value === 'number') {
      if (`${value}`.length >= SHORTEST_NUMBER) push(secrets, `${value}`);
    } else if (typeof value === 'object' && value !== null)
      each(keys(value), (key) => collect((value as Record<string, Plain>)[key] ?? null));
  };
  const visit = (value: Plain, place: string, name: string): Plain => {
    const hides = value !== null && typeof value !== 'boolean' && value !== '' && value !== '[function]';
    if (hides && (includes(secretPlaces, place) || isSecretName(name))) {
      collect(value);
      return VEILED;
    }
    // Our own copy, so it can be changed in place.
    if (typeof value === 'object' && value !== null)
      each(keys(value), (key) => {
        const holder = value as Record<string, Plain>;
        holder[key] = visit(holder[key] ?? null, place === '' ? key : `${place}.${key}`, key);
      });
    return value;
  };
  const copy = plain(args, CALL);
  // Not cut, and even if the copy does not contain it: a getter of a class runs only here.
  each(secretPlaces, (place) => {
    let whole: unknown = args;
    each(split(place, '.'), (key) => {
      whole = peek(whole, key);
    });
    if (typeof whole === 'string') push(secrets, whole);
  });
  const masked = visit(copy, '', '');
  const texts = filter(secrets, (text) => text !== '');
  // A secret may occur elsewhere in the arguments too.
  return { args: veiled(texts, () => plain(masked, CALL)), secrets: texts };
}
