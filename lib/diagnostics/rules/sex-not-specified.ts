import { jsonOf } from '../../network/requests';
import { isRecord } from '../../page/plain';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const sexNotSpecified: Rule = {
  id: 'sex-not-specified',
  severity: 'warning',
  dialects: ['react-native', 'ios'],
  title: 'NOT_SPECIFIED was refused as sex',
  looksAt: 'React Native and iOS: updates of the account with `sex: NOT_SPECIFIED` that were answered with 400.',
  advice: 'React Native 1.4 and 1.5 on iOS send what the backend refuses: update, or leave the field out.',
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
