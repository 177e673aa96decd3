import { android } from './android';
import type { DialectTable } from './dialect';
import { flutter } from './flutter';
import { ios } from './ios';
import type { DialectName } from './names';
import { reactNative } from './react-native';
import { web } from './web';

/** All dialects. If two share a global, the first whose shape matches gets it. */
export const TABLES: readonly DialectTable[] = [reactNative, flutter, ios, android, web];

/** The table of a dialect; `undefined` if there is none. */
export function tableOf(name: DialectName): DialectTable | undefined {
  return TABLES.find((table) => table.name === name);
}
