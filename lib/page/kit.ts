/** What the agent lends to the client driver, so that the page does not receive it twice. */
import * as builtins from './builtins';
import * as own from './own';
import * as path from './path';

/** By position, since names would be in both scripts. The build reads the names from this list (scripts/page-build.ts). */
export const KIT = [
  builtins.working,
  builtins.apply,
  builtins.defineProperty,
  builtins.getOwnPropertyDescriptor,
  builtins.isArray,
  builtins.missingBuiltins,
  builtins.pageNow,
  own.concat,
  own.each,
  own.filter,
  own.find,
  own.includes,
  own.indexIn,
  own.isAt,
  own.join,
  own.jsonOf,
  own.map,
  own.part,
  own.push,
  own.some,
  own.split,
  own.starts,
  own.table,
  own.take,
  path.reach,
  path.read,
] as const;
