import type { Rule } from './rule';

/** The same rules as `RULES`, each set in a chunk of its own: a view that shows nothing of them loads none. */
export async function loadRules(): Promise<readonly Rule[]> {
  const [{ TOKEN_RULES }, { CUSTOMER_RULES }, { ACCOUNT_RULES }, { PAGE_RULES }] = await Promise.all([
    import('./sets/token'),
    import('./sets/customer'),
    import('./sets/account'),
    import('./sets/page'),
  ]);
  return [...TOKEN_RULES, ...CUSTOMER_RULES, ...ACCOUNT_RULES, ...PAGE_RULES];
}
