import { deeds, doneBy, errorOf } from '../lookup';
import type { Rule } from '../rule';

export const flutterCodeMinusOne: Rule = {
  id: 'flutter-code-minus-one',
  severity: 'info',
  dialects: ['flutter'],
  title: 'Generic error code -1 (Flutter)',
  looksAt: 'Flutter: calls that failed with code -1.',
  advice:
    'The bridge turns non-numeric codes into -1, for example for a missing argument: see the message. On Android also when the request never ran (offline).',
  source: 'Facts §1.3, §1.4.',
  situations: [24],
  check(subject) {
    const failed = deeds(subject).filter((deed) => errorOf(subject, deed)?.code === -1);
    const last = failed.at(-1);
    return last ? { evidence: [`${doneBy(last)}(): ${errorOf(subject, last)?.message}`], entries: failed } : null;
  },
};
