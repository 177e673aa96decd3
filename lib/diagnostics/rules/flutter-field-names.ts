import { isRecord } from '../../page/plain';
import { callsOf } from '../lookup';
import type { Rule } from '../rule';

export const flutterFieldNames: Rule = {
  id: 'flutter-field-names',
  severity: 'warning',
  dialects: ['flutter'],
  title: 'Field names ignored by Flutter SDK',
  looksAt: 'Flutter: contexts with `zipCode` or `countryCode`; its classes use `zipcode` and `countrycode`.',
  advice:
    'Contexts ignore zipCode and countryCode, and both 2.6.3 bridges lose the lowercase names too. Set these fields from your backend.',
  source: 'Facts §1.4, §8: FClient.m, lines 560 and 627; SyneriseClient.java, lines 163 and 172.',
  situations: [18],
  check(subject) {
    // Only the latest call of each: earlier ones may have been fixed since.
    for (const does of ['updateAccount', 'updateAccountBasicInformation', 'registerAccount'] as const) {
      const call = callsOf(subject, does).at(-1);
      const args = call && subject.detailOf(call.key)?.call?.args;
      const context = Array.isArray(args) ? (args as unknown[]).find(isRecord) : undefined;
      const wrong = context ? ['zipCode', 'countryCode'].filter((name) => context[name] !== undefined && context[name] !== null) : [];
      if (call && wrong.length) return { evidence: [`${does}() got ${wrong.join(' and ')}.`], entries: [call] };
    }
    return null;
  },
};
