import type { Rule } from './rule';

/** The same rules as `RULES`, each set as a separate chunk: a view that doesn't show diagnostics loads none. */
export async function loadRules(): Promise<readonly Rule[]> {
  const [{ TOKEN_RULES }, { CUSTOMER_RULES }, { ACCOUNT_RULES }, { PAGE_RULES }] = await Promise.all([
    import('./sets/token'),
    import('./sets/customer'),
    import('./sets/account'),
    import('./sets/page'),
  ]);
  return [...TOKEN_RULES, ...CUSTOMER_RULES, ...ACCOUNT_RULES, ...PAGE_RULES];
}
