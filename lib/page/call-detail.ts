/** What goes into a call of the page, as bounded data without what is secret. Arguments are looked at once: a getter of theirs runs no oftener. */

import type { Plain } from '../sdk/plain-data';
import { keys } from './builtins-more';
import { each, filter, includes, push, split } from './own';
import { CALL, peek, plain, VEILED, veiled } from './plain';

/** The arguments of one call. */
export interface Entered {
  readonly args: Plain;
  /** The texts that nothing that comes out of the call may repeat. */
  readonly secrets: readonly string[];
}

/** Names under which something secret stands, whoever chose them; compared without case and joints. */
const NAMES = /passw|pwd|passphrase|pass$|token$|secret|credential|otp$|authfactor|^pin$|pincode|confirmationcode|apikey/;

function isSecretName(name: string): boolean {
  try {
    return NAMES.test(name.toLowerCase().replace(/[^a-z]/g, ''));
  } catch {
    // A page without these tells nothing under any name.
    return true;
  }
}

/** A shorter number is everywhere. */
const SHORTEST_NUMBER = 4;

/** @param secretPlaces where secrets stand, as paths from the arguments: `0`, `2.password` */
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
    // Our own copy, which nobody else has.
    if (typeof value === 'object' && value !== null)
      each(keys(value), (key) => {
        const holder = value as Record<string, Plain>;
        holder[key] = visit(holder[key] ?? null, place === '' ? key : `${place}.${key}`, key);
      });
    return value;
  };
  const copy = plain(args, CALL);
  // Uncut, and what the copy does not hold: a getter of a class is run for this alone.
  each(secretPlaces, (place) => {
    let whole: unknown = args;
    each(split(place, '.'), (key) => {
      whole = peek(whole, key);
    });
    if (typeof whole === 'string') push(secrets, whole);
  });
  const masked = visit(copy, '', '');
  const texts = filter(secrets, (text) => text !== '');
  // It may stand elsewhere in them too.
  return { args: veiled(texts, () => plain(masked, CALL)), secrets: texts };
}
