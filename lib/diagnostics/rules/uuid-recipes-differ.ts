import { validate, version } from 'uuid';
import { memberOf } from '../case';
import type { Rule } from '../rule';

export const uuidRecipesDiffer: Rule = {
  id: 'uuid-recipes-differ',
  severity: 'warning',
  about: 'uuid',
  title: 'Two UUIDs were made from one identifier',
  looksAt:
    'The UUIDs that SDK, token and account name, where one e-mail or custom id gives two of them by different recipes; and an account whose UUID of version 5 is another than the one held.',
  advice:
    'Site and back end use different namespaces, salts or orders, so one person has two profiles. Find the recipe of each under “Check a UUID”, and make them one.',
  source: 'Facts §3.4: the recipes of the docs and of five integrations differ.',
  situations: [30],
  check({ customer, account, identifiers }) {
    const uuid = customer?.uuid ?? null;
    const isMade = (one: unknown): one is string => typeof one === 'string' && validate(one) && version(one) === 5;
    // One identifier from which two of the observed UUIDs derive.
    const twice = identifiers.find(({ makes }) => makes.length > 1);
    if (twice)
      return {
        evidence: twice.makes.map(({ uuid: made, recipe }) => `${twice.who} (${twice.from}) gives ${made} by the recipe ${recipe}.`),
      };
    const ofAccount = account && account.uuid === uuid ? memberOf(account.value, 'uuid') : null;
    return isMade(uuid) && isMade(ofAccount) && uuid.toLowerCase() !== ofAccount.toLowerCase()
      ? { evidence: [`${uuid}, says the SDK.`, `${ofAccount}, says the account.`] }
      : null;
  },
};
