import { AGREEMENTS, REGISTER_FIELDS } from './account-fields';
import type { Argument, Operation } from './operation';

export const SEXES = ['NOT_SPECIFIED', 'MALE', 'FEMALE', 'OTHER'] as const;
/** Facts §1.5: React Native's enum lacks APPLE, but the text is passed through. */
export const IDENTITY_PROVIDERS = ['SYNERISE', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE'] as const;

const text = (name: string, label: string, more: Partial<Extract<Argument, { type: 'text' }>> = {}): Argument => ({
  name,
  label,
  type: 'text',
  required: true,
  ...more,
});
const optional = (name: string, label: string, more: Partial<Extract<Argument, { type: 'text' }>> = {}): Argument =>
  text(name, label, { required: false, ...more });

const SECRET = { secret: true } as const;
const EMAIL = text('email', 'E-mail', { format: 'email' });
const PHONE = text('phone', 'Phone', { format: 'phone' });
const PASSWORD = text('password', 'Password', SECRET);
const AUTH_ID = optional('authID', 'Auth ID', {
  hint: 'The seed that the UUID is derived from, where your app uses one.',
});
const PROVIDER: Argument = { name: 'clientIdentityProvider', label: 'Identity provider', type: 'choice', options: IDENTITY_PROVIDERS };
const PROVIDER_TOKEN = text('token', 'Token of the provider', { secret: true });
const AGREEMENT_FIELDS: Argument = { name: 'agreements', label: 'Agreements', type: 'tristates', of: AGREEMENTS };
const TAGS: Argument = { name: 'tags', label: 'Tags', type: 'list', hint: 'Separated by commas.' };
const ATTRIBUTES: Argument = { name: 'attributes', label: 'Attributes', type: 'map' };

/** A customer's fields besides email, customId and UUID, named as in the React Native classes (facts §1.5). */
const BASIC: readonly Argument[] = [
  optional('firstName', 'First name'),
  optional('lastName', 'Last name'),
  optional('displayName', 'Display name'),
  optional('phone', 'Phone', { format: 'phone' }),
  {
    name: 'sex',
    label: 'Sex',
    type: 'choice',
    options: SEXES,
    optional: true,
    hint: 'NOT_SPECIFIED was answered with 400 Bad Request by some versions (React Native 1.4 and 1.5 on iOS).',
  },
  optional('birthDate', 'Birth date', { format: 'date' }),
  optional('company', 'Company'),
  optional('address', 'Address'),
  optional('zipCode', 'ZIP code'),
  optional('city', 'City'),
  optional('province', 'Province'),
  optional('countryCode', 'Country code', { hint: 'Two letters, such as PL.' }),
  optional('avatarUrl', 'Avatar URL', { format: 'url' }),
  AGREEMENT_FIELDS,
  ATTRIBUTES,
];
const IDENTITY: readonly Argument[] = [
  optional('email', 'E-mail', { format: 'email' }),
  optional('customId', 'Custom ID'),
  optional('uuid', 'UUID', { format: 'uuid' }),
];
const aside = (args: readonly Argument[]) => args.map((arg): Argument => ({ ...arg, aside: true }));
const editable = (args: readonly Argument[]) => args.map((arg): Argument => ({ ...arg, resets: true }));
const names = (args: readonly Argument[]) => args.map(({ name }) => name);
const nothing = () => 'nothing' as const;
const none = (): readonly string[] => [];
/** `needsOne` for an account form: at least one field must be changed. */
const changed = (args: readonly Argument[]) => ({ of: names(args), otherwise: 'Nothing to send: change a field first.' });

// Permissions, as named in the vendor's pages (facts §1.2).
const PASSWORD_RESET = 'SAUTH_PASSWORD_RESET_CLIENT_CREATE';
const CHANGE_EMAIL = 'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE';
const PHONE_UPDATE = 'API_PERSONAL_PHONE_CLIENT_CREATE';
const REGISTER = 'SAUTH_REGISTER_CLIENT_CREATE';

const anyone = { needs: 'anyone', permission: null } as const;
const SIGN_IN_NOTE =
  'Where somebody is signed in, sign out first (on the Session tab): the vendor asks for it, and some versions keep the UUID else.';

/** The next operations after a conditional sign-in, by the condition that it returned (facts §1.5). */
const BY_CONDITION = {
  leadsTo: [
    { when: 'ACTIVATION_REQUIRED', operation: 'requestAccountActivation', about: 'Has the e-mail sent that activates the account.' },
    { when: 'ACTIVATION_REQUIRED', operation: 'requestAccountActivationByPin', about: 'The same with a PIN.' },
    { when: 'REGISTRATION_REQUIRED', operation: 'registerAccount', about: 'There is no such account yet.' },
  ],
} as const;

/** Operations on the customer's account, including those that lead to one, such as signing in (facts §1.2). */
export const ACCOUNT_OPERATIONS = {
  getAccount: {
    label: 'Read account',
    about: "Asks for the customer's account information.",
    group: 'profile',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: { needs: 'customer', permission: 'API_PERSONAL_INFORMATION_CLIENT_READ' },
  },
  updateAccount: {
    label: 'Edit account',
    about: "Changes the customer's account information. What is left out stays as it is.",
    group: 'profile',
    args: editable([...IDENTITY, ...BASIC]),
    expects: nothing,
    loses: none,
    account: {
      needs: 'customer',
      permission: 'API_PERSONAL_INFORMATION_CLIENT_UPDATE',
      changes: true,
      edits: true,
      needsOne: changed([...IDENTITY, ...BASIC]),
    },
  },
  updateAccountBasicInformation: {
    label: 'Edit basic information',
    about: 'Changes the profile without its identification (e-mail, custom ID, UUID); for anonymous customers too.',
    group: 'profile',
    args: editable(BASIC),
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: 'API_BASIC_INFORMATION_CLIENT_UPDATE',
      changes: true,
      edits: true,
      needsOne: changed(BASIC),
    },
  },
  recognizeAnonymous: {
    label: 'Recognize anonymous',
    about: "Adds an e-mail, an identifier or parameters to the anonymous customer's profile.",
    group: 'profile',
    args: [
      optional('email', 'E-mail', { format: 'email' }),
      optional('customIdentify', 'Custom identifier'),
      { name: 'parameters', label: 'Parameters', type: 'map' },
    ],
    expects: nothing,
    loses: none,
    note: 'Gives no answer, nor an error where it does nothing; since Android 5.9.0 it does nothing for Simple Authentication either.',
    account: {
      needs: 'anonymous',
      permission: null,
      needsOne: { of: ['email', 'customIdentify', 'parameters'], otherwise: 'Nothing to send: fill in one of the fields.' },
    },
  },
  signIn: {
    label: 'Sign in',
    about: "Signs the customer in with the account's e-mail and password.",
    group: 'sign-in',
    args: [EMAIL, PASSWORD],
    expects: () => 'signed-in',
    loses: none,
    note: SIGN_IN_NOTE,
    account: anyone,
  },
  signInConditionally: {
    label: 'Sign in conditionally',
    about: 'Signs the customer in, or tells the condition that is not met.',
    group: 'sign-in',
    args: [EMAIL, PASSWORD],
    expects: () => 'conditions',
    loses: none,
    note: SIGN_IN_NOTE,
    account: { ...anyone, ...BY_CONDITION },
  },
  authenticate: {
    label: 'Authenticate',
    about: 'Signs the customer in with the token of an identity provider; makes the account where there is none.',
    group: 'sign-in',
    args: [PROVIDER, PROVIDER_TOKEN, AUTH_ID, ...aside([AGREEMENT_FIELDS, ATTRIBUTES])],
    expects: () => 'signed-in',
    loses: none,
    note: SIGN_IN_NOTE,
    account: anyone,
  },
  authenticateConditionally: {
    label: 'Authenticate conditionally',
    about: 'Signs the customer in with the token of an identity provider, or tells the condition that is not met; makes no account.',
    group: 'sign-in',
    args: [PROVIDER, PROVIDER_TOKEN, AUTH_ID, ...aside([AGREEMENT_FIELDS, ATTRIBUTES])],
    expects: () => 'conditions',
    loses: none,
    note: SIGN_IN_NOTE,
    account: { ...anyone, ...BY_CONDITION },
  },
  simpleAuthentication: {
    label: 'Simple Authentication',
    about: 'Recognizes the customer by data of yours, without a password.',
    group: 'sign-in',
    args: [AUTH_ID, ...IDENTITY, ...aside([...BASIC, TAGS])],
    expects: () => 'simple-auth',
    loses: () => ['the current UUID'],
    note: 'With neither e-mail nor custom ID it was answered with 412. The customer counts as anonymous: isSignedIn() stays false.',
    account: anyone,
  },
  isSignedIn: {
    label: 'Is signed in?',
    about: 'Asks the SDK whether a customer is signed in with a token that has not ended; false for Simple Authentication.',
    group: 'sign-in',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: anyone,
  },
  isSignedInViaSimpleAuthentication: {
    label: 'Is signed in by Simple Authentication?',
    about: 'Asks the SDK whether the customer was recognized by Simple Authentication.',
    group: 'sign-in',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: anyone,
  },
  registerAccount: {
    label: 'Register',
    about: 'Makes an account. Whether it must be activated is set in the workspace.',
    group: 'registration',
    args: [
      EMAIL,
      text('password', 'Password', SECRET),
      ...aside([...IDENTITY, ...BASIC].filter(({ name }) => name !== 'email' && REGISTER_FIELDS.includes(name))),
    ],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: REGISTER,
      leadsTo: [
        { operation: 'confirmAccountActivation', about: 'The customer gets an e-mail with a link that holds the token.' },
        { operation: 'confirmAccountActivationByPin', about: 'Where the workspace activates by PIN, the e-mail holds the PIN.' },
        { operation: 'signIn', about: 'Where no activation is needed.' },
      ],
    },
  },
  requestAccountActivation: {
    label: 'Request activation',
    about: 'Has an e-mail sent with a link that activates the account.',
    group: 'registration',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      ...anyone,
      leadsTo: [{ operation: 'confirmAccountActivation', about: 'The link in the e-mail holds the token.' }],
    },
  },
  confirmAccountActivation: {
    label: 'Confirm activation',
    about: 'Activates the account with the token out of the e-mail.',
    group: 'registration',
    args: [text('token', 'Token out of the e-mail', SECRET)],
    expects: nothing,
    loses: none,
    account: { ...anyone, leadsTo: [{ operation: 'signIn', about: 'The account is active.' }] },
  },
  requestAccountActivationByPin: {
    label: 'Request activation by PIN',
    about: 'Has an e-mail sent with a PIN that activates the account.',
    group: 'registration',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      ...anyone,
      leadsTo: [{ operation: 'confirmAccountActivationByPin', about: 'The e-mail holds the PIN.' }],
    },
  },
  confirmAccountActivationByPin: {
    label: 'Confirm activation by PIN',
    about: 'Activates the account with the PIN out of the e-mail.',
    group: 'registration',
    args: [EMAIL, text('pinCode', 'PIN', SECRET)],
    expects: nothing,
    loses: none,
    account: { ...anyone, leadsTo: [{ operation: 'signIn', about: 'The account is active.' }] },
  },
  changePassword: {
    label: 'Change password',
    about: "Sets another password for the signed-in customer's account.",
    group: 'password',
    args: [text('oldPassword', 'Old password', SECRET), text('newPassword', 'New password', SECRET)],
    expects: nothing,
    loses: none,
    account: { needs: 'customer', permission: 'SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE' },
  },
  requestPasswordReset: {
    label: 'Request reset',
    about: 'Has an e-mail sent with a token for a new password.',
    group: 'password',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PASSWORD_RESET,
      leadsTo: [{ operation: 'confirmPasswordReset', about: 'The token is in the e-mail.' }],
    },
  },
  confirmPasswordReset: {
    label: 'Confirm reset',
    about: 'Sets a new password with the token out of the e-mail.',
    group: 'password',
    args: [text('password', 'New password', SECRET), text('token', 'Token out of the e-mail', SECRET)],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PASSWORD_RESET,
      leadsTo: [{ operation: 'signIn', about: 'The new password is set.' }],
    },
  },
  requestEmailChange: {
    label: 'Request e-mail change',
    about: 'Has a token sent to the new e-mail.',
    group: 'email',
    args: [
      text('email', 'New e-mail', { format: 'email' }),
      optional('password', 'Password', {
        ...SECRET,
        hint: 'Of a Synerise account; other providers take their token instead.',
      }),
      optional('externalToken', 'Token of the provider', { secret: true }),
      AUTH_ID,
    ],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: CHANGE_EMAIL,
      needsOne: { of: ['password', 'externalToken'], otherwise: "Give the account's password, or the provider's token." },
      leadsTo: [{ operation: 'confirmEmailChange', about: 'The token is in the e-mail to the new address.' }],
    },
  },
  confirmEmailChange: {
    label: 'Confirm e-mail change',
    about: 'Changes the e-mail with the token that was sent to it.',
    group: 'email',
    args: [
      text('token', 'Token out of the e-mail', SECRET),
      {
        name: 'newsletterAgreement',
        label: 'Newsletter agreement',
        type: 'flag',
        agreement: 'email',
        hint: 'Not ticked, it is sent as false, which takes the agreement back.',
      },
    ],
    expects: nothing,
    loses: none,
    account: { needs: 'anyone', permission: CHANGE_EMAIL, changes: true },
  },
  requestPhoneUpdate: {
    label: 'Request phone update',
    about: 'Has a code sent to the new number.',
    group: 'phone',
    args: [{ ...PHONE, label: 'New phone' }],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PHONE_UPDATE,
      leadsTo: [{ operation: 'confirmPhoneUpdate', about: 'The code comes by text message to the new number.' }],
    },
  },
  confirmPhoneUpdate: {
    label: 'Confirm phone update',
    about: 'Changes the phone with the code that was sent to it.',
    group: 'phone',
    args: [
      { ...PHONE, label: 'New phone' },
      text('confirmationCode', 'Code out of the text message', SECRET),
      {
        name: 'smsAgreement',
        label: 'SMS agreement',
        type: 'flag',
        agreement: 'sms',
        hint: 'Not ticked, it is sent as false, which takes the agreement back.',
      },
    ],
    expects: nothing,
    loses: none,
    account: { needs: 'anyone', permission: PHONE_UPDATE, changes: true },
  },
  deleteAccount: {
    label: 'Delete account',
    about: "Deletes the customer's account. It cannot be brought back.",
    group: 'deletion',
    args: [PROVIDER, text('clientAuthFactor', 'Password, or token of the provider', SECRET), AUTH_ID],
    expects: () => 'signed-out',
    loses: () => ['the account with all its data, for ever', 'the login session', 'the authentication token', 'the current UUID'],
    account: { needs: 'customer', permission: 'SAUTH_CLIENT_DELETE', confirmedByEmail: true },
  },
} as const satisfies Readonly<Record<string, Operation>>;
