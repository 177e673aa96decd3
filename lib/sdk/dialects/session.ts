/** Session bindings of the native SDKs: the shared ones, and the function that creates those of each SDK (facts §1.1). */
import type { SessionOperationName } from '../operations';
import type { Binding, Convention } from './dialect';
import { nativeBindings, type Row } from './native';

/** Operations that only the Web SDK has are bound in its own table. */
type NativeSessionOperation = Exclude<SessionOperationName, 'setAccessToken' | 'clearAccessToken' | 'setUuid' | 'restorePreviousUUID'>;

/** The bindings as in most of the four SDKs. */
const SHARED: Readonly<Record<NativeSessionOperation, Row>> = {
  refreshToken: { args: [] },
  retrieveToken: { args: [], answersToken: true },
  getUUID: { convention: 'sync', args: [], keepsSession: true },
  getUUIDForAuthentication: { convention: 'sync', args: ['authID'], keepsSession: true },
  regenerateUUID: { convention: 'sync', args: [] },
  regenerateUUIDWithClientIdentifier: { convention: 'sync', args: ['clientIdentifier'] },
  signOut: { convention: 'sync', args: [] },
  signOutWithMode: { args: ['mode', 'fromAllDevices'], tells: ['mode'] },
  destroySession: { convention: 'sync', args: [] },
};

/** A dialect's session bindings: the shared ones, with its convention, overridden by `own`. */
export const sessionBindings = (convention: Convention, own: Readonly<Partial<Record<NativeSessionOperation, Partial<Row> | Binding>>>) =>
  nativeBindings(SHARED, convention, own);
