import type { DialectName } from '../wire';
import type { Dialect } from './dialect';
import { reactNative } from './react-native';

/** Every dialect that the inspector finds and drives. */
export const DIALECTS: readonly Dialect[] = [reactNative];

/** The table of one dialect, where it is known. */
export function dialectOf(name: DialectName): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}
