/** The arguments for a method: the values of an operation's arguments in the SDK's own order and under its own names. */

import type { Binding, Made, Passed } from '../sdk/dialects/dialect';
import type { Plain } from '../sdk/plain-data';
import { keys } from './builtins-more';
import { each, includes, map, table } from './own';

type Native = Extract<Binding, { kind: 'native' }>;
export type Values = Readonly<Record<string, Plain | undefined>>;

/** The positional arguments, and what goes beside the callbacks. An object made of several arguments is given as its fields. */
export interface Given {
  readonly args: readonly Plain[];
  readonly named: Readonly<Record<string, Plain>>;
}

const isMade = (passed: Passed): passed is Made => typeof passed !== 'string';

/** Puts values, by canonical names, into a method's own order and names. */
export function given({ args, named = {}, blank = {} }: Pick<Native, 'args' | 'named' | 'blank'>, values: Values): Given {
  const of = (passed: Passed): Plain => {
    if (!isMade(passed)) return values[passed] ?? blank[passed] ?? null;
    const made = table<Plain>();
    each(passed.of, (name) => {
      const value = values[name];
      // `null` resets a field; a value that was not given is left out.
      if (value !== undefined) made[passed.called?.[name] ?? name] = value;
    });
    return passed.optional && !keys(made).length ? null : made;
  };
  const beside: Record<string, Plain> = {};
  each(keys(named), (name) => {
    const value = of(named[name] as Passed);
    if (value !== null) beside[name] = value;
  });
  return { args: map(args, of), named: beside };
}

/** The canonical names of all values that a method takes. */
export const namesOf = ({ args, named = {} }: Pick<Native, 'args' | 'named'>): readonly string[] =>
  [...args, ...Object.values(named)].flatMap((passed) => (isMade(passed) ? passed.of : [passed]));

/** The path of a value within a method's arguments, by its canonical name; `undefined` if the method does not take it. */
export function placeOf({ args, named = {} }: Pick<Native, 'args' | 'named'>, name: string): string | undefined {
  const within = (passed: Passed, at: string): string | undefined => {
    if (!isMade(passed)) return passed === name ? at : undefined;
    return includes(passed.of, name) ? `${at}.${passed.called?.[name] ?? name}` : undefined;
  };
  let place: string | undefined;
  each(args, (passed, index) => {
    place ??= within(passed, `${index}`);
  });
  each(keys(named), (key) => {
    place ??= within(named[key] as Passed, `${args.length}.${key}`);
  });
  return place;
}
