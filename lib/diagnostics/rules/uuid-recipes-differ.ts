import { validate, version } from 'uuid';
import { memberOf } from '../case';
import type { Rule } from '../rule';

export const uuidRecipesDiffer: Rule = {
  id: 'uuid-recipes-differ',
  severity: 'warning',
  title: 'Two UUIDs were made from one identifier',
  looksAt: 'UUIDs of version 5 that the SDK, the token and the account name for the same customer.',
  advice:
    'Site and back end use different namespaces, salts or orders, so one person has two profiles. Find the recipe of each under “Checks by hand”, and make them one.',
  source: 'Facts §3.4: the recipes of the docs and of five integrations differ.',
  situations: [30],
  check({ customer, token, account }) {
    const uuid = customer?.uuid ?? null;
    const named = [
      ['the SDK', uuid],
      ['the token', token && !token.stale ? token.uuid : null],
      ['the account', account && account.uuid === uuid ? memberOf(account.value, 'uuid') : null],
    ] as const;
    const made = named.flatMap(([who, one]) =>
      typeof one === 'string' && validate(one) && version(one) === 5 ? [[who, one.toLowerCase()] as const] : [],
    );
    return new Set(made.map(([, one]) => one)).size > 1 ? { evidence: made.map(([who, one]) => `${one}, says ${who}.`) } : null;
  },
};
