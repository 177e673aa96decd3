import { jsonOf } from '../../network/requests';
import { isRecord } from '../../page/plain';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const sexNotSpecified: Rule = {
  id: 'sex-not-specified',
  severity: 'warning',
  dialects: ['react-native', 'ios'],
  title: 'sex: NOT_SPECIFIED rejected',
  looksAt: 'React Native and iOS: account updates with `sex: NOT_SPECIFIED` that got 400.',
  advice: 'The backend rejects what React Native 1.4 and 1.5 send on iOS. Update, or leave the field out.',
  source: 'Changelog React Native 1.4.0 to 1.5; facts §5.',
  situations: [12],
  check(subject) {
    const refused = requestsOf(subject, 'account-update', 'basic-update', 'registration').filter(({ status, key }) => {
      const sent = status === 400 ? jsonOf({ text: subject.detailOf(key)?.request?.body.text ?? null }) : null;
      return isRecord(sent) && sent['sex'] === 'NOT_SPECIFIED';
    });
    return refused.length ? { evidence: ['400 Bad Request for sex: NOT_SPECIFIED.'], entries: refused } : null;
  },
};
