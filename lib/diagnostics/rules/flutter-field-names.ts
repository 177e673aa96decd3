import { isRecord } from '../../sdk/plain';
import { callsOf } from '../lookup';
import type { Rule } from '../rule';

export const flutterFieldNames: Rule = {
  id: 'flutter-field-names',
  severity: 'warning',
  title: 'Fields that the Flutter SDK does not read',
  looksAt: 'Flutter: contexts with `zipCode` or `countryCode`, where its classes have `zipcode` and `countrycode`.',
  advice: 'They are left out without a word: write them in small letters. Only ClientAccountInformation, which is read, has the others.',
  source: 'Facts §1.4.',
  situations: [18],
  check(subject) {
    if (subject.sdk?.dialect !== 'flutter') return null;
    // The latest of each: what was mended is over.
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
