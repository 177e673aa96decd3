import { android } from './android';
import type { DialectTable, Traits } from './dialect';
import { flutter } from './flutter';
import { ios } from './ios';
import type { DialectName } from './names';
import { reactNative } from './react-native';
import { web } from './web';

/** Every dialect. Where two share a global, the first whose shape fits has it. */
export const TABLES: readonly DialectTable[] = [reactNative, flutter, ios, android, web];

/** What sets the SDK of a dialect apart. */
export const traitsOf = (name: DialectName): Traits | undefined => tableOf(name)?.traits;

/** The table of one dialect. */
export function tableOf(name: DialectName): DialectTable | undefined {
  return TABLES.find((table) => table.name === name);
}
