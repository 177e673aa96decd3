import { tableOf } from '../sdk/dialects';
import type { Binding } from '../sdk/dialects/dialect';
import { traitsOf } from '../sdk/dialects/names';
import { OPERATIONS, type OperationName } from '../sdk/operations';
import { identityOf } from './identity';
import { type Session, underWay } from './session';

/**
 * Whether an operation can run in the session; ruled out only where the facts are certain.
 * `anyway`: a person may still run it.
 */
export type Availability = { readonly kind: 'allowed' } | { readonly kind: 'ruled-out'; readonly anyway: boolean; readonly reason: string };

const ALLOWED: Availability = { kind: 'allowed' };
const no = (reason: string, anyway = false): Availability => ({ kind: 'ruled-out', anyway, reason });

export function availabilityOf(
  { stage, history, runs }: Pick<Session, 'stage' | 'history' | 'runs'>,
  operation: OperationName,
): Availability {
  if (stage.phase !== 'attached') return no('No SDK on this page.');
  const table = tableOf(stage.client.dialect);
  if (!table) return no('Unknown SDK.');
  const binding = table.bindings[operation];
  if (!binding) return no(`Not available in ${traitsOf(table.name).label}.`);
  if (binding.kind === 'unavailable') return no(binding.reason);
  if (stage.client.missing.includes(operation)) return no(whyMissing(binding, stage.client.version));
  const running = (underWay(stage) ?? runs.carried)?.run;
  if (running) return no(`Busy: ${OPERATIONS[running.operation].label} is running.`);
  if (binding.kind === 'emulated') {
    if (binding.uuid === 'previous' && history.previousUuid === null) return no('No previous UUID in this session.');
    return ALLOWED;
  }
  if (OPERATIONS[operation].anonymousOnly && identityOf(stage.customer, stage.token).identity === 'signed-in') {
    return no('Only works for anonymous customers. The SDK silently ignores it when signed in.', true);
  }
  return ALLOWED;
}

function whyMissing(binding: Exclude<Binding, { kind: 'unavailable' }>, version: string | null): string {
  if (binding.kind === 'emulated') return 'This SDK version lacks a required method.';
  const method = binding.method.replaceAll('|', '() or ');
  const { since } = binding;
  if (since === undefined) return `This SDK version doesn’t have ${method}().`;
  if (version !== null && older(version, since)) return `SDK ${version} doesn’t have ${method}(): added in ${since}.`;
  return `This SDK version doesn’t have ${method}(): added in ${since}.`;
}

/** Whether version `a` is older than `b`, compared numerically. */
function older(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}

/** How the client's dialect performs an operation, for `data-binding`; `null` if its SDK has no such operation. */
export function bindingKind({ stage }: Pick<Session, 'stage'>, operation: OperationName): Binding['kind'] | null {
  if (stage.phase !== 'attached') return 'unavailable';
  const kind = tableOf(stage.client.dialect)?.bindings[operation]?.kind ?? null;
  return kind !== null && stage.client.missing.includes(operation) ? 'unavailable' : kind;
}
