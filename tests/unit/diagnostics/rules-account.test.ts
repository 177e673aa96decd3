// Rules about account calls, and about how calls fail: facts §1.2 to §1.5, §5 (12, 17, 18, 20, 21, 23, 24).
import { describe } from 'vitest';
import type { CaseDetail } from '@/lib/diagnostics/case';
import type { ChangeName } from '@/lib/sdk/changes';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { Plain } from '@/lib/sdk/plain-data';
import { MINUTE } from '../fakes/make';
import { record } from '../network/make';
import {
  ago,
  call,
  DAY,
  failedCall,
  type Given,
  identityEntry,
  inAndOut,
  type Loose,
  NOW,
  native,
  operation,
  refusedWith,
  request,
  signedIn,
  silentCall,
  UUID,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const AT = ago(2 * MINUTE);
/** A call at `AT` that failed with `code`, and the entries after it. */
const refused = (does: ChangeName, code: number | string, more: readonly Loose[] = [], given: Given = {}) =>
  signedIn({ ...given, entries: [failedCall(AT, does), ...more], details: refusedWith(does, AT, code) });
const failedWith = (does: ChangeName, message: string, code: number | null = null, dialect: DialectName = 'react-native') =>
  signedIn({ dialect, entries: [failedCall(AT, does)], details: refusedWith(does, AT, code, message) });

/** A call at `AT` with the arguments `args`. */
const given = (dialect: DialectName, does: ChangeName, ...args: Plain[]) =>
  signedIn({ dialect, entries: [call(AT, does)], details: inAndOut(does, AT, { args }) });

interface Saved {
  readonly does?: ChangeName;
  readonly readAt?: number;
  readonly uuid?: string;
  readonly entry?: Loose;
}
/** An update at `AT`, and the account as read a minute later. */
const saved = (
  context: Plain,
  value: { readonly [field: string]: Plain },
  { does = 'updateAccount', readAt = AT + MINUTE, uuid = UUID, entry }: Saved = {},
) =>
  signedIn({
    entries: [entry ?? call(AT, does)],
    details: inAndOut(does, AT, { args: [context] }),
    session: { history: { account: { at: readAt, uuid, identity: 'signed-in', clientId: '434', value } } },
  });

const lastActivity = (value: Plain) =>
  signedIn({
    session: { history: { account: { at: NOW, uuid: UUID, identity: 'signed-in', clientId: null, value: { lastActivityDate: value } } } },
  });

const BODY = '{"firstName":"Jan","sex":"NOT_SPECIFIED"}';
const updated = (status: number, sent: string, purpose = 'account-update') => {
  const key = `${purpose}@${AT}`;
  const details: Record<string, CaseDetail> = { [key]: { request: record({ key, sent }) } };
  return signedIn({ entries: [request(AT, purpose, { status })], details });
};

const PERMISSION = 'API_PERSONAL_INFORMATION_CLIENT_READ';
const NO_METHOD = 'context.toObject is not a function';

const table = [
  speaks(
    'permission-missing',
    'a call by a signed-in customer',
    refused('getAccount', 403),
    `getAccount() failed with 403; it needs ${PERMISSION}.`,
    1,
  ),
  speaks(
    'permission-missing',
    'a call that needs no sign-in',
    native({ entries: [failedCall(AT, 'registerAccount')], details: refusedWith('registerAccount', AT, '403') }),
    'SAUTH_REGISTER_CLIENT_CREATE',
    1,
  ),
  silent('permission-missing', 'a different code', refused('getAccount', 401)),
  silent('permission-missing', 'a call that returns the same for a wrong password', refused('changePassword', 403)),
  silent(
    'permission-missing',
    'the customer was not signed in',
    native({ entries: [failedCall(AT, 'getAccount')], details: refusedWith('getAccount', AT, 403) }),
  ),
  silent(
    'permission-missing',
    'the customer signed in since',
    refused('getAccount', 403, [identityEntry(ago(MINUTE), 'anonymous', 'signed-in')]),
  ),
  silent('permission-missing', 'the next call succeeded', refused('getAccount', 403, [call(ago(MINUTE), 'getAccount')])),
  silent('permission-missing', 'a call that needs no known permission', refused('recognizeAnonymous', 403)),

  speaks('plain-object-as-context', 'an update', failedWith('updateAccount', NO_METHOD), NO_METHOD, 1),
  speaks('plain-object-as-context', 'a registration', failedWith('registerAccount', `e.${NO_METHOD.slice(8)}`), 'toObject', 1),
  silent('plain-object-as-context', 'a different error', failedWith('updateAccount', 'context is not defined')),
  silent('plain-object-as-context', 'a call that takes no context', failedWith('changePassword', NO_METHOD)),
  silent('plain-object-as-context', 'the error is not recorded', signedIn({ entries: [failedCall(AT, 'updateAccount')] })),

  speaks(
    'flutter-field-names',
    'two wrong names',
    given('flutter', 'updateAccount', { zipCode: '00-001', countryCode: 'PL' }),
    'updateAccount() got zipCode and countryCode.',
    1,
  ),
  silent(
    'flutter-field-names',
    'the names that its classes use',
    given('flutter', 'updateAccount', { zipcode: '00-001', countrycode: 'PL' }),
  ),
  silent('flutter-field-names', 'in another dialect', given('react-native', 'updateAccount', { zipCode: '00-001' })),
  silent('flutter-field-names', 'the value is null', given('flutter', 'updateAccount', { zipCode: null })),
  silent('flutter-field-names', 'a different call', given('flutter', 'authenticate', { zipCode: '00-001' })),

  speaks(
    'update-not-saved',
    'a changed city',
    saved({ city: 'Kraków', firstName: 'Jan' }, { city: null, firstName: 'Jan' }),
    'updateAccount() succeeded, but the account differs in: city.',
    1,
  ),
  speaks(
    'update-not-saved',
    'names that Flutter spells differently, and loses',
    saved({ zipcode: '00-001', countrycode: 'PL' }, { zipCode: '', countryCode: null }),
    'zipCode, countryCode.',
    1,
  ),
  speaks(
    'update-not-saved',
    'a field that was to be reset',
    saved({ company: null }, { company: 'Engines' }),
    'company (should be reset).',
    1,
  ),
  speaks(
    'update-not-saved',
    'an agreement',
    saved({ agreements: { email: true, sms: false } }, { agreements: { email: false, sms: false } }),
    'agreements.email.',
    1,
  ),
  speaks(
    'update-not-saved',
    'an update of the basic information',
    saved({ company: 'A' }, { company: 'B' }, { does: 'updateAccountBasicInformation' }),
    'company',
    1,
  ),
  silent(
    'update-not-saved',
    'everything was saved',
    saved({ city: 'Kraków', agreements: { email: true } }, { city: 'Kraków', agreements: { email: true } }),
  ),
  silent('update-not-saved', 'the account was read before the update', saved({ city: 'Kraków' }, { city: null }, { readAt: AT })),
  silent('update-not-saved', 'the account of another customer', saved({ city: 'Kraków' }, { city: null }, { uuid: 'other' })),
  silent(
    'update-not-saved',
    'an update that failed',
    saved({ city: 'Kraków' }, { city: null }, { entry: failedCall(AT, 'updateAccount') }),
  ),
  silent(
    'update-not-saved',
    'values that the backend normalizes',
    saved({ phone: '600 100 200', sex: 'FEMALE', email: 'A@b.pl' }, { phone: '+48600100200', sex: 'K', email: 'a@b.pl' }),
  ),
  silent('update-not-saved', 'a field that the account does not have', saved({ city: 'Kraków' }, {})),
  silent('update-not-saved', 'a value that is masked', saved({ city: '[secret]' }, { city: 'Kraków' })),

  speaks('sex-not-specified', 'an update', updated(400, BODY), '400 Bad Request for sex: NOT_SPECIFIED.', 1),
  speaks('sex-not-specified', 'a registration', updated(400, BODY, 'registration'), 'NOT_SPECIFIED', 1),
  silent('sex-not-specified', 'the request succeeded', updated(200, BODY)),
  silent('sex-not-specified', 'a different value', updated(400, BODY.replace('NOT_SPECIFIED', 'FEMALE'))),
  silent('sex-not-specified', "a body that isn't valid JSON", updated(400, 'sex=NOT_SPECIFIED')),

  speaks(
    'last-activity-in-future',
    'as React Native on Android returns it',
    lastActivity(new Date(NOW * 1000).toISOString()),
    'Year: 59009.',
  ),
  speaks('last-activity-in-future', 'two days ahead, in seconds', lastActivity((NOW + 2 * DAY) / 1000), 'Year: 2027.'),
  speaks('last-activity-in-future', 'outside the range of a Date', lastActivity(9e15), 'beyond any date'),
  silent('last-activity-in-future', 'within a day', lastActivity(NOW + DAY)),
  silent('last-activity-in-future', 'null', lastActivity(null)),
  silent('last-activity-in-future', 'no account was read', signedIn()),

  speaks(
    'argument-order',
    'iOS takes the new password first',
    refused('changePassword', 403, [], { dialect: 'ios' }),
    ['changePassword() failed with 403.', 'Order in this SDK: newPassword, oldPassword.'],
    1,
  ),
  speaks(
    'argument-order',
    'Flutter takes the token first',
    refused('confirmPasswordReset', 400, [], { dialect: 'flutter' }),
    'Order in this SDK: token, password.',
    1,
  ),
  speaks(
    'argument-order',
    'iOS takes one object with both',
    refused('confirmPasswordReset', 3050, [], { dialect: 'ios' }),
    '{ password, token }',
    1,
  ),
  silent('argument-order', 'it failed for a different reason', refused('changePassword', 500)),
  silent('argument-order', 'the next call succeeded', refused('changePassword', 403, [call(ago(MINUTE), 'changePassword')])),
  silent(
    'argument-order',
    'an operation run here, which uses the correct order',
    signedIn({ entries: [operation(AT, 'changePassword', { verdict: 'failed' })], details: refusedWith('changePassword', AT, 403) }),
  ),
  silent('argument-order', 'a different call', refused('requestEmailChange', 403)),

  speaks(
    'pin-and-email-swapped',
    'the email first',
    given('react-native', 'confirmAccountActivationByPin', '[secret]', '1234'),
    'Argument 2 of confirmAccountActivationByPin()',
    1,
  ),
  speaks(
    'pin-and-email-swapped',
    'the PIN first in Flutter',
    given('flutter', 'confirmAccountActivationByPin', '1234', '[secret]'),
    'Argument 1',
    1,
  ),
  silent('pin-and-email-swapped', 'the PIN first', given('react-native', 'confirmAccountActivationByPin', '[secret]', 'jan@shop.example')),
  silent(
    'pin-and-email-swapped',
    'the email first in Flutter',
    given('flutter', 'confirmAccountActivationByPin', 'jan@shop.example', '[secret]'),
  ),
  silent('pin-and-email-swapped', 'a masked email', given('ios', 'confirmAccountActivationByPin', '[secret]', '[secret]')),
  silent('pin-and-email-swapped', 'the arguments are not recorded', signedIn({ entries: [call(AT, 'confirmAccountActivationByPin')] })),

  speaks(
    'call-unanswered',
    'two calls',
    signedIn({ entries: [silentCall(AT, 'getAccount'), silentCall(ago(MINUTE), 'updateAccount')] }),
    'updateAccount() at 2027-01-15 08:59:00 UTC; 2 calls in total.',
    1,
    2,
  ),
  silent('call-unanswered', 'a call that was answered', signedIn({ entries: [failedCall(AT, 'getAccount')] })),
  silent(
    'call-unanswered',
    'the next call was answered',
    signedIn({ entries: [silentCall(AT, 'getAccount'), call(ago(MINUTE), 'getAccount')] }),
  ),
  silent(
    'call-unanswered',
    'calls that have their own rule',
    signedIn({ entries: [silentCall(AT, 'refreshToken'), silentCall(AT, 'signIn')] }),
  ),
  silent(
    'call-unanswered',
    'a call whose outcome cannot be observed',
    signedIn({ entries: [call(AT, 'recognizeAnonymous', { ok: null })] }),
  ),

  speaks(
    'flutter-code-minus-one',
    'an argument that was null',
    failedWith('requestPasswordReset', 'email missing', -1, 'flutter'),
    'requestPasswordReset(): email missing',
    1,
  ),
  silent('flutter-code-minus-one', 'a different code', failedWith('requestPasswordReset', 'email missing', 400, 'flutter')),
  silent('flutter-code-minus-one', 'in another dialect', failedWith('requestPasswordReset', 'email missing', -1, 'ios')),

  ...([100, -108, -109, -110, 3200, 3210, 3220, 3300, 3310, 3320] as const).map((code) =>
    speaks('known-error-code', `${code}`, refused('getAccount', code), `getAccount() failed with ${code}: `, 1),
  ),
  speaks('known-error-code', 'a code as text', refused('getAccount', '-108'), 'circuit breaker', 1),
  silent('known-error-code', 'an HTTP status', refused('getAccount', 403)),
  silent(
    'known-error-code',
    'eleven minutes ago',
    signedIn({ entries: [failedCall(ago(11 * MINUTE), 'getAccount')], details: refusedWith('getAccount', ago(11 * MINUTE), 3200) }),
  ),

  // Which of several entries counts, and which do not.
  speaks('argument-order', '401', refused('changePassword', 401), 'failed with 401', 1),
  speaks(
    'argument-order',
    'a different call succeeded since, and this one before',
    signedIn({
      entries: [call(ago(3 * MINUTE), 'changePassword'), failedCall(AT, 'changePassword'), call(ago(MINUTE), 'getAccount')],
      details: refusedWith('changePassword', AT, 403),
    }),
    'changePassword()',
    2,
  ),
  speaks(
    'argument-order',
    'the latest',
    signedIn({
      entries: [failedCall(ago(3 * MINUTE), 'changePassword'), failedCall(AT, 'changePassword'), failedCall(ago(MINUTE), 'changePassword')],
      details: { ...refusedWith('changePassword', ago(3 * MINUTE), 400), ...refusedWith('changePassword', ago(MINUTE), 401) },
    }),
    '401',
    3,
  ),
  speaks(
    'call-unanswered',
    'a different call was answered since, and this one before',
    signedIn({ entries: [call(ago(3 * MINUTE), 'getAccount'), silentCall(AT, 'getAccount'), call(ago(MINUTE), 'updateAccount')] }),
    '1 call in total',
    2,
  ),
  speaks(
    'permission-missing',
    'the latest, if a different call succeeded since, and this one before',
    signedIn({
      entries: [
        failedCall(ago(4 * MINUTE), 'updateAccount'),
        call(ago(3 * MINUTE), 'getAccount'),
        failedCall(AT, 'getAccount'),
        call(ago(MINUTE), 'updateAccountBasicInformation'),
      ],
      details: { ...refusedWith('updateAccount', ago(4 * MINUTE), 403), ...refusedWith('getAccount', AT, 403) },
    }),
    PERMISSION,
    3,
  ),
  speaks(
    'known-error-code',
    'the latest',
    signedIn({
      entries: [failedCall(ago(3 * MINUTE), 'getAccount'), failedCall(AT, 'getAccount')],
      details: { ...refusedWith('getAccount', ago(3 * MINUTE), 3200), ...refusedWith('getAccount', AT, 3210) },
    }),
    '3210',
    2,
  ),
  speaks(
    'pin-and-email-swapped',
    'the latest',
    signedIn({
      entries: [call(ago(3 * MINUTE), 'confirmAccountActivationByPin'), call(AT, 'confirmAccountActivationByPin')],
      details: {
        ...inAndOut('confirmAccountActivationByPin', ago(3 * MINUTE), { args: ['[secret]', '1234'] }),
        ...inAndOut('confirmAccountActivationByPin', AT, { args: ['[secret]', '4321'] }),
      },
    }),
    'Argument 2',
    2,
  ),
  speaks(
    'update-not-saved',
    'the latest',
    signedIn({
      entries: [call(ago(4 * MINUTE), 'updateAccount'), call(AT, 'updateAccount')],
      details: {
        ...inAndOut('updateAccount', ago(4 * MINUTE), { args: [{ company: 'A' }] }),
        ...inAndOut('updateAccount', AT, { args: [{ city: 'Kraków' }] }),
      },
      session: {
        history: { account: { at: AT + MINUTE, uuid: UUID, identity: 'signed-in', clientId: '434', value: { city: null, company: null } } },
      },
    }),
    'differs in: city.',
    2,
  ),
  speaks(
    'update-not-saved',
    'the arguments of an operation run here',
    saved({ city: 'Kraków' }, { city: null }, { entry: operation(AT, 'updateAccount') }),
    'city',
    1,
  ),
];

describe('account calls, and how calls fail', () => tests(table, TOPICS.account));
