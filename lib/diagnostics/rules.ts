/** All diagnostic rules, in display order. */
import type { Rule } from './rule';
import { ACCOUNT_RULES } from './sets/account';
import { CUSTOMER_RULES } from './sets/customer';
import { PAGE_RULES } from './sets/page';
import { TOKEN_RULES } from './sets/token';

export const RULES: readonly Rule[] = [...TOKEN_RULES, ...CUSTOMER_RULES, ...ACCOUNT_RULES, ...PAGE_RULES];
