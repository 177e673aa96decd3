import { TABLES } from '@/lib/sdk/dialects';
import type { Binding, DialectTable } from '@/lib/sdk/dialects/dialect';
import { type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';

/** One cell of the matrix of dialects and operations: what a person does in the panel, and what comes of it. */
export interface Cell {
  readonly operation: OperationName;
  readonly binding: Binding;
  /** `unavailable`: the button is there, and says why it does nothing. */
  readonly verdict: 'done' | 'unavailable';
  /** Typed into the form. `JWT`: one that the sandbox site's backend makes for Ada. */
  readonly args: Readonly<Record<string, string | boolean>>;
  /** Done in the page beforehand. */
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

/** The cells of one dialect that drive the session, in the order in which the test goes through them. */
export function cellsOf({ bindings }: DialectTable): Cell[] {
  return SESSION_OPERATION_NAMES.flatMap((operation) => {
    const binding = bindings[operation];
    if (!binding) return [];
    return [{ operation, binding, verdict: binding.kind === 'unavailable' ? 'unavailable' : 'done', args: {}, ...HOW[operation] }];
  });
}

export const MATRIX = TABLES.map((table) => ({ table, cells: cellsOf(table) }));
