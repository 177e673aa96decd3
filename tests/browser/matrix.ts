import { TABLES } from '@/lib/sdk/dialects';
import type { Binding, DialectTable } from '@/lib/sdk/dialects/dialect';
import { type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';

/** One cell of the matrix of dialects and operations: what a user does in the panel, and the resulting verdict. */
export interface Cell {
  readonly operation: OperationName;
  readonly binding: Binding;
  /** `unavailable`: the button is shown, but disabled with a reason. */
  readonly verdict: 'done' | 'unavailable';
  /** Values for the form. `JWT` stands for one that the sandbox site's backend issues for Ada. */
  readonly args: Readonly<Record<string, string | boolean>>;
  /** What to do in the page first. */
  readonly first?: 'sign-in';
}

export const JWT = 'JWT';
const UUID = '11111111-2222-4333-8444-555555555555';

const HOW: Partial<Record<OperationName, Pick<Cell, 'args' | 'first'>>> = {
  setAccessToken: { args: { token: JWT } },
  getUUIDForAuthentication: { args: { authID: 'ada' } },
  regenerateUUIDWithClientIdentifier: { args: { clientIdentifier: 'ada' } },
  setUuid: { args: { uuid: UUID } },
  signOut: { args: {}, first: 'sign-in' },
  signOutWithMode: { args: { mode: 'SIGN_OUT_WITH_SESSION_DESTROY', fromAllDevices: true }, first: 'sign-in' },
};

/** The session operations of one dialect, in the order in which the test runs them. */
export function cellsOf({ bindings }: DialectTable): Cell[] {
  return SESSION_OPERATION_NAMES.flatMap((operation) => {
    const binding = bindings[operation];
    if (!binding) return [];
    return [{ operation, binding, verdict: binding.kind === 'unavailable' ? 'unavailable' : 'done', args: {}, ...HOW[operation] }];
  });
}

export const MATRIX = TABLES.map((table) => ({ table, cells: cellsOf(table) }));
