import { validate, version } from 'uuid';
import { memberOf } from '../case';
import type { Rule } from '../rule';

export const uuidRecipesDiffer: Rule = {
  id: 'uuid-recipes-differ',
  severity: 'warning',
  about: 'uuid',
  title: 'Inconsistent UUID derivation',
  looksAt:
    'One email or Custom ID from which two of the UUIDs in SDK, token and account derive by different recipes; or an account whose v5 UUID differs from the SDK’s.',
  advice:
    'Site and backend use different namespaces, salts or orders, so one person has two profiles. Find each recipe in UUID check and align them.',
  source: 'Facts §3.4: the recipes of the docs and of five integrations differ.',
  situations: [30],
  check({ customer, account, identifiers }) {
    const uuid = customer?.uuid ?? null;
    const isMade = (one: unknown): one is string => typeof one === 'string' && validate(one) && version(one) === 5;
    // One identifier from which two of the observed UUIDs derive.
    const twice = identifiers.find(({ makes }) => makes.length > 1);
    if (twice)
      return {
        evidence: twice.makes.map(({ uuid: made, recipe }) => `${twice.who} (${twice.from}) gives ${made} by recipe ${recipe}.`),
      };
    const ofAccount = account && account.uuid === uuid ? memberOf(account.value, 'uuid') : null;
    return isMade(uuid) && isMade(ofAccount) && uuid.toLowerCase() !== ofAccount.toLowerCase()
      ? { evidence: [`SDK UUID: ${uuid}.`, `Account UUID: ${ofAccount}.`] }
      : null;
  },
};
