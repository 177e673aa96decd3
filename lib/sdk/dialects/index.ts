import type { DialectName } from '../wire';
import type { Dialect, DialectTable } from './dialect';
import { reactNative, reactNativeTable } from './react-native';

/** Every dialect that the agent finds and drives. */
export const DIALECTS: readonly Dialect[] = [reactNative];

/** Their tables alone: views and background take these, and leave what belongs into the page out of their bundles. */
export const TABLES: readonly DialectTable[] = [reactNativeTable];

/** The table of one dialect, where it is known. */
export function tableOf(name: DialectName): DialectTable | undefined {
  return TABLES.find((table) => table.name === name);
}
