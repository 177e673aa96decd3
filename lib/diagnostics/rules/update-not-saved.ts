import { isRecord } from '../../page/plain';
import type { Plain } from '../../sdk/plain-data';
import { memberOf } from '../case';
import { deedFailed, deedsOf, doneBy, isMark } from '../lookup';
import type { Rule } from '../rule';

/** Account names of two fields that Flutter's contexts spell differently (facts §1.4). */
const IN_THE_ACCOUNT: Readonly<Record<string, string>> = { zipcode: 'zipCode', countrycode: 'countryCode' };

/** The fields that were sent: those of a call's context, or the arguments of an operation run by the extension. */
function givenOf(args: Plain | undefined): Readonly<Record<string, unknown>> {
  const first = Array.isArray(args) ? (args as unknown[]).find(isRecord) : args;
  if (!isRecord(first)) return {};
  return Object.fromEntries(Object.entries(first).map(([name, value]) => [IN_THE_ACCOUNT[name] ?? name, value]));
}

/** Fields that the backend stores in a different format, or that an account doesn't return. */
const NOT_COMPARED = new Set(['email', 'uuid', 'password', 'attributes', 'phone', 'birthDate', 'sex']);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && !isMark(value);

/** Ignores surrounding spaces. A long text is recorded truncated, so any text counts as saved. */
const isSaved = (now: unknown, given: string): boolean =>
  typeof now === 'string' && (now.trim() === given.trim() || /… \(\d+ characters\)$/.test(given));

export const updateNotSaved: Rule = {
  id: 'update-not-saved',
  severity: 'warning',
  title: 'Account update not saved',
  looksAt: 'The fields of the latest successful update against the account as loaded after it.',
  advice:
    'React Native drops `city` (set `context.city`), and on iOS nulls and, in 1.4–1.5, agreements. Flutter 2.6.3 drops zipcode and countrycode: use your backend.',
  source:
    'Facts §1.3 (the city bug), §1.4, §5, §8 (FClient.m, SyneriseClient.java, NSDictionary+ReactNative.m); changelog React Native 1.4 to 1.5.',
  situations: [12, 18],
  check(subject) {
    const { account, customer } = subject;
    const last = deedsOf(subject, 'updateAccount', 'updateAccountBasicInformation').findLast((deed) => deedFailed(deed) === false);
    if (!account || !last || account.uuid !== customer?.uuid || account.at < (last.endedAt ?? last.at)) return null;
    const given = givenOf(subject.detailOf(last.key)?.call?.args);
    const lost = Object.entries(given).flatMap(([name, value]) => {
      const now = memberOf(account.value, name);
      if (name === 'agreements' && isRecord(value))
        return Object.entries(value).flatMap(([kind, yes]) =>
          typeof yes === 'boolean' && memberOf(now, kind) === !yes ? [`agreements.${kind}`] : [],
        );
      if (value === null) return name in account.value && now !== null && now !== '' ? [`${name} (should be reset)`] : [];
      return !NOT_COMPARED.has(name) && isText(value) && name in account.value && !isSaved(now, value) ? [name] : [];
    });
    return lost.length
      ? { evidence: [`${doneBy(last)}() succeeded, but the account differs in: ${lost.join(', ')}.`], entries: [last] }
      : null;
  },
};
