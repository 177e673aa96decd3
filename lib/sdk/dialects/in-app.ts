import type { DialectTable } from './dialect';

/**
 * Facts §8: `SRInApp` in the web view of an in-app message. Its `internalMethod` calls a method of the app's SDK by name, since
 * Android 6.5.0 with the name, its arguments and two callbacks, since 6.6.0 in another format too.
 */
export const inApp: DialectTable = {
  name: 'in-app',
  stand: { roots: ['SRInApp'], proper: 'SRInApp', member: '', shape: ['internalMethod'] },
  samples: {},
  token: { raw: '' },
  error: { code: 'code', message: 'message' },
  bindings: {},
  alsoChange: { internalMethod: 'internalMethod' },
};
