import { isRecord } from '../../page/plain';
import { callsOf } from '../lookup';
import type { Rule } from '../rule';

export const flutterFieldNames: Rule = {
  id: 'flutter-field-names',
  severity: 'warning',
  dialects: ['flutter'],
  title: 'Fields that the Flutter SDK does not pass on',
  looksAt: 'Flutter: contexts with `zipCode` or `countryCode`, where its classes have `zipcode` and `countrycode`.',
  advice:
    'Its contexts ignore these names. Lower case does not help either: both bridges of 2.6.3 look for the other spelling, so neither field reaches the backend. Set them from your backend.',
  source: 'Facts §1.4, §8: FClient.m, lines 560 and 627; SyneriseClient.java, lines 163 and 172.',
  situations: [18],
  check(subject) {
    // Only the latest call of each: earlier ones may have been fixed since.
    for (const does of ['updateAccount', 'updateAccountBasicInformation', 'registerAccount'] as const) {
      const call = callsOf(subject, does).at(-1);
      const args = call && subject.detailOf(call.key)?.call?.args;
      const context = Array.isArray(args) ? (args as unknown[]).find(isRecord) : undefined;
      const wrong = context ? ['zipCode', 'countryCode'].filter((name) => context[name] !== undefined && context[name] !== null) : [];
      if (call && wrong.length) return { evidence: [`${does}() was given ${wrong.join(' and ')}.`], entries: [call] };
    }
    return null;
  },
};
