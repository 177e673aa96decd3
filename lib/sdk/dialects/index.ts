import { android } from './android';
import type { DialectTable } from './dialect';
import { flutter } from './flutter';
import { inApp } from './in-app';
import { ios } from './ios';
import type { DialectName } from './names';
import { reactNative } from './react-native';
import { web } from './web';

/** The SDKs. If two share a global, the first whose shape matches gets it. */
export const TABLES: readonly DialectTable[] = [reactNative, flutter, ios, android, web];

/** What passes calls to an app's SDK elsewhere. */
export const BRIDGES: readonly DialectTable[] = [inApp];

/** SDKs and bridges. */
export const ALL_TABLES: readonly DialectTable[] = [...TABLES, ...BRIDGES];

/** The table of a dialect; `undefined` if there is none. */
export function tableOf(name: DialectName): DialectTable | undefined {
  return ALL_TABLES.find((table) => table.name === name);
}
