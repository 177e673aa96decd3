/** The catalog: operations that a person can run on any dialect, by canonical name. `dialects/` defines how each one performs them. */
import { ACCOUNT_OPERATIONS } from './account-operations';
import type { Operation } from './operation';
import { SESSION_OPERATIONS } from './session-operations';

export type SessionOperationName = keyof typeof SESSION_OPERATIONS;
export type AccountOperationName = keyof typeof ACCOUNT_OPERATIONS;
export type OperationName = SessionOperationName | AccountOperationName;

/** Whether `to` is a next step after `from`. */
export const leadsTo = (from: OperationName, to: OperationName): boolean =>
  OPERATIONS[from].account?.leadsTo?.some(({ operation }) => operation === to) ?? false;

export const OPERATIONS: Readonly<Record<OperationName, Operation>> = { ...SESSION_OPERATIONS, ...ACCOUNT_OPERATIONS };
export const SESSION_OPERATION_NAMES = Object.keys(SESSION_OPERATIONS) as SessionOperationName[];
export const ACCOUNT_OPERATION_NAMES = Object.keys(ACCOUNT_OPERATIONS) as AccountOperationName[];
export const OPERATION_NAMES: readonly OperationName[] = [...SESSION_OPERATION_NAMES, ...ACCOUNT_OPERATION_NAMES];
