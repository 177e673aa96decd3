import { deeds, doneBy, errorOf } from '../lookup';
import type { Rule } from '../rule';

export const flutterCodeMinusOne: Rule = {
  id: 'flutter-code-minus-one',
  severity: 'info',
  dialects: ['flutter'],
  title: 'An error without a code of its own',
  looksAt: 'Flutter: calls that ended with the code -1.',
  advice:
    'Its bridge makes -1 of every code that is no number, such as “email missing”: an argument was null. The message says which. On Android -1 also stands for a request that never ran, as without a network. The same failure has other codes on other platforms.',
  source: 'Facts §1.3, §1.4.',
  situations: [24],
  check(subject) {
    const failed = deeds(subject).filter((deed) => errorOf(subject, deed)?.code === -1);
    const last = failed.at(-1);
    return last ? { evidence: [`${doneBy(last)}(): ${errorOf(subject, last)?.message}`], entries: failed } : null;
  },
};
