import { tableOf } from '../sdk/dialects';
import { OPERATIONS, type OperationName } from '../sdk/operations';
import { identityOf, type Session } from './session';

/**
 * Whether the session lets an operation run (DESIGN §5: ruled out only where the facts are certain).
 * `anyway`: a person may run it all the same.
 */
export type Ruling = { readonly kind: 'allowed' } | { readonly kind: 'ruled-out'; readonly anyway: boolean; readonly reason: string };

const ALLOWED: Ruling = { kind: 'allowed' };
const no = (reason: string, anyway = false): Ruling => ({ kind: 'ruled-out', anyway, reason });

export function ruling({ stage }: Pick<Session, 'stage'>, operation: OperationName): Ruling {
  if (stage.phase !== 'attached') return no('No SDK is there to run it.');
  const binding = tableOf(stage.client.dialect)?.bindings[operation];
  if (!binding) return no('This SDK is not known.');
  if (binding.kind === 'unavailable') return no(binding.reason);
  if (stage.client.missing.includes(operation)) {
    const since = binding.since ? ` It was introduced in version ${binding.since}.` : '';
    return no(`This page's client has no method ${binding.method}.${since}`);
  }
  if (stage.activity.kind !== 'idle') return no(`Busy: ${OPERATIONS[stage.activity.run.operation].label} is running.`);
  if (OPERATIONS[operation].anonymousOnly && identityOf(stage.customer, stage.token).identity === 'signed-in') {
    return no(
      'Regenerating works only while the customer is anonymous: for a signed-in customer the SDK does nothing, without an error.',
      true,
    );
  }
  return ALLOWED;
}

/** How the client's dialect performs an operation, for `data-binding`. */
export function bindingKind({ stage }: Pick<Session, 'stage'>, operation: OperationName): 'native' | 'unavailable' {
  if (stage.phase !== 'attached' || stage.client.missing.includes(operation)) return 'unavailable';
  return tableOf(stage.client.dialect)?.bindings[operation].kind ?? 'unavailable';
}
