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
const EMAIL = text('email', 'Email', { format: 'email' });
const PHONE = text('phone', 'Phone', { format: 'phone' });
const PASSWORD = text('password', 'Password', SECRET);
const AUTH_ID = optional('authID', 'Auth ID', {
  hint: 'Seed of the UUID, if your app uses one.',
});
const PROVIDER: Argument = { name: 'clientIdentityProvider', label: 'Identity provider', type: 'choice', options: IDENTITY_PROVIDERS };
const PROVIDER_TOKEN = text('token', 'Provider token', { secret: true });
const AGREEMENT_FIELDS: Argument = { name: 'agreements', label: 'Agreements', type: 'tristates', of: AGREEMENTS };
const TAGS: Argument = { name: 'tags', label: 'Tags', type: 'list', hint: 'Comma-separated.' };
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
    hint: 'NOT_SPECIFIED fails with 400 on React Native 1.4–1.5 (iOS).',
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
  optional('email', 'Email', { format: 'email' }),
  optional('customId', 'Custom ID'),
  optional('uuid', 'UUID', { format: 'uuid' }),
];
const aside = (args: readonly Argument[]) => args.map((arg): Argument => ({ ...arg, aside: true }));
const editable = (args: readonly Argument[]) => args.map((arg): Argument => ({ ...arg, resets: true }));
const names = (args: readonly Argument[]) => args.map(({ name }) => name);
const nothing = () => 'nothing' as const;
const none = (): readonly string[] => [];
/** `needsOne` for an account form: at least one field must be changed. */
const changed = (args: readonly Argument[]) => ({ of: names(args), otherwise: 'Nothing to send. Change a field first.' });

// Permissions, as named in the vendor's pages (facts §1.2).
const PASSWORD_RESET = 'SAUTH_PASSWORD_RESET_CLIENT_CREATE';
const CHANGE_EMAIL = 'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE';
const PHONE_UPDATE = 'API_PERSONAL_PHONE_CLIENT_CREATE';
const REGISTER = 'SAUTH_REGISTER_CLIENT_CREATE';

const anyone = { needs: 'anyone', permission: null } as const;
const SIGN_IN_NOTE = 'If a customer is signed in, sign out first (Session tab); otherwise some versions keep the UUID.';

/** The next operations after a conditional sign-in, by the condition that it returned (facts §1.5). */
const BY_CONDITION = {
  leadsTo: [
    { when: 'ACTIVATION_REQUIRED', operation: 'requestAccountActivation', about: 'Sends an activation email.' },
    { when: 'ACTIVATION_REQUIRED', operation: 'requestAccountActivationByPin', about: 'Sends a PIN by email.' },
    { when: 'REGISTRATION_REQUIRED', operation: 'registerAccount', about: 'No such account yet.' },
  ],
} as const;

/** Operations on the customer's account, including those that lead to one, such as signing in (facts §1.2). */
export const ACCOUNT_OPERATIONS = {
  getAccount: {
    label: 'Load account',
    about: 'Returns the customer’s account.',
    group: 'profile',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: { needs: 'customer', permission: 'API_PERSONAL_INFORMATION_CLIENT_READ' },
  },
  updateAccount: {
    label: 'Edit account',
    about: 'Updates the account. Fields that aren’t sent stay unchanged.',
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
    label: 'Edit profile',
    about: 'Updates the profile except email, Custom ID and UUID. Anonymous customers too.',
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
    about: 'Adds an email, Custom ID or parameters to the anonymous profile.',
    group: 'profile',
    args: [
      optional('email', 'Email', { format: 'email' }),
      optional('customIdentify', 'Custom ID'),
      { name: 'parameters', label: 'Parameters', type: 'map' },
    ],
    expects: nothing,
    loses: none,
    note: 'Returns nothing and reports no errors. Since Android 5.9.0 it has no effect under Simple Authentication.',
    account: {
      needs: 'anonymous',
      permission: null,
      needsOne: { of: ['email', 'customIdentify', 'parameters'], otherwise: 'Nothing to send. Fill in at least one field.' },
    },
  },
  signIn: {
    label: 'Sign in',
    about: 'Signs in with email and password.',
    group: 'sign-in',
    args: [EMAIL, PASSWORD],
    expects: () => 'signed-in',
    loses: none,
    note: SIGN_IN_NOTE,
    account: anyone,
  },
  signInConditionally: {
    label: 'Sign in conditionally',
    about: 'Signs in, or returns the unmet condition.',
    group: 'sign-in',
    args: [EMAIL, PASSWORD],
    expects: () => 'conditions',
    loses: none,
    note: SIGN_IN_NOTE,
    account: { ...anyone, ...BY_CONDITION },
  },
  authenticate: {
    label: 'Authenticate',
    about: 'Signs in with an identity provider’s token. Creates the account if needed.',
    group: 'sign-in',
    args: [PROVIDER, PROVIDER_TOKEN, AUTH_ID, ...aside([AGREEMENT_FIELDS, ATTRIBUTES])],
    expects: () => 'signed-in',
    loses: none,
    note: SIGN_IN_NOTE,
    account: anyone,
  },
  authenticateConditionally: {
    label: 'Authenticate conditionally',
    about: 'Like Authenticate, but returns the unmet condition and never creates an account.',
    group: 'sign-in',
    args: [PROVIDER, PROVIDER_TOKEN, AUTH_ID, ...aside([AGREEMENT_FIELDS, ATTRIBUTES])],
    expects: () => 'conditions',
    loses: none,
    note: SIGN_IN_NOTE,
    account: { ...anyone, ...BY_CONDITION },
  },
  simpleAuthentication: {
    label: 'Simple Authentication',
    about: 'Identifies the customer from your data, without a password.',
    group: 'sign-in',
    args: [AUTH_ID, ...IDENTITY, ...aside([...BASIC, TAGS])],
    expects: () => 'simple-auth',
    loses: () => ['the current UUID'],
    note: 'Needs an email or Custom ID (otherwise 412). isSignedIn() stays false.',
    account: anyone,
  },
  isSignedIn: {
    label: 'Signed in?',
    about: 'Signed in with an unexpired token? False for Simple Authentication.',
    group: 'sign-in',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: anyone,
  },
  isSignedInViaSimpleAuthentication: {
    label: 'Signed in (Simple Auth)?',
    about: 'Identified by Simple Authentication?',
    group: 'sign-in',
    args: [],
    expects: () => 'answer',
    loses: none,
    account: anyone,
  },
  registerAccount: {
    label: 'Register',
    about: 'Creates an account. The workspace decides whether it must be activated.',
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
        { operation: 'confirmAccountActivation', about: 'The token is in the emailed link.' },
        { operation: 'confirmAccountActivationByPin', about: 'If the workspace uses PINs: the PIN is in the email.' },
        { operation: 'signIn', about: 'If no activation is needed.' },
      ],
    },
  },
  requestAccountActivation: {
    label: 'Request activation',
    about: 'Sends an activation email.',
    group: 'registration',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      ...anyone,
      leadsTo: [{ operation: 'confirmAccountActivation', about: 'The token is in the emailed link.' }],
    },
  },
  confirmAccountActivation: {
    label: 'Confirm activation',
    about: 'Activates the account with the token from the email.',
    group: 'registration',
    args: [text('token', 'Token from the email', SECRET)],
    expects: nothing,
    loses: none,
    account: { ...anyone, leadsTo: [{ operation: 'signIn', about: 'The account is active.' }] },
  },
  requestAccountActivationByPin: {
    label: 'Request PIN activation',
    about: 'Sends an email with an activation PIN.',
    group: 'registration',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      ...anyone,
      leadsTo: [{ operation: 'confirmAccountActivationByPin', about: 'The PIN is in the email.' }],
    },
  },
  confirmAccountActivationByPin: {
    label: 'Confirm PIN activation',
    about: 'Activates the account with the PIN from the email.',
    group: 'registration',
    args: [EMAIL, text('pinCode', 'PIN', SECRET)],
    expects: nothing,
    loses: none,
    account: { ...anyone, leadsTo: [{ operation: 'signIn', about: 'The account is active.' }] },
  },
  changePassword: {
    label: 'Change password',
    about: 'Changes the signed-in customer’s password.',
    group: 'password',
    args: [text('oldPassword', 'Old password', SECRET), text('newPassword', 'New password', SECRET)],
    expects: nothing,
    loses: none,
    account: { needs: 'customer', permission: 'SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE' },
  },
  requestPasswordReset: {
    label: 'Request reset',
    about: 'Sends a password reset email.',
    group: 'password',
    args: [EMAIL],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PASSWORD_RESET,
      leadsTo: [{ operation: 'confirmPasswordReset', about: 'The token is in the email.' }],
    },
  },
  confirmPasswordReset: {
    label: 'Confirm reset',
    about: 'Sets a new password with the token from the email.',
    group: 'password',
    args: [text('password', 'New password', SECRET), text('token', 'Token from the email', SECRET)],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PASSWORD_RESET,
      leadsTo: [{ operation: 'signIn', about: 'The new password is set.' }],
    },
  },
  requestEmailChange: {
    label: 'Request email change',
    about: 'Sends a token to the new email address.',
    group: 'email',
    args: [
      text('email', 'New email', { format: 'email' }),
      optional('password', 'Password', {
        ...SECRET,
        hint: 'For Synerise accounts. Other providers need their token instead.',
      }),
      optional('externalToken', 'Provider token', { secret: true }),
      AUTH_ID,
    ],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: CHANGE_EMAIL,
      needsOne: { of: ['password', 'externalToken'], otherwise: 'Enter the account password or the provider token.' },
      leadsTo: [{ operation: 'confirmEmailChange', about: 'The token is in the email to the new address.' }],
    },
  },
  confirmEmailChange: {
    label: 'Confirm email change',
    about: 'Changes the email with the token from the email.',
    group: 'email',
    args: [
      text('token', 'Token from the email', SECRET),
      {
        name: 'newsletterAgreement',
        label: 'Newsletter agreement',
        type: 'flag',
        agreement: 'email',
        hint: 'Unchecked sends false (withdraws consent).',
      },
    ],
    expects: nothing,
    loses: none,
    account: { needs: 'anyone', permission: CHANGE_EMAIL, changes: true },
  },
  requestPhoneUpdate: {
    label: 'Request phone update',
    about: 'Sends a code to the new number.',
    group: 'phone',
    args: [{ ...PHONE, label: 'New phone' }],
    expects: nothing,
    loses: none,
    account: {
      needs: 'anyone',
      permission: PHONE_UPDATE,
      leadsTo: [{ operation: 'confirmPhoneUpdate', about: 'The code is in the SMS to the new number.' }],
    },
  },
  confirmPhoneUpdate: {
    label: 'Confirm phone update',
    about: 'Changes the phone number with the code from the SMS.',
    group: 'phone',
    args: [
      { ...PHONE, label: 'New phone' },
      text('confirmationCode', 'Code from the SMS', SECRET),
      {
        name: 'smsAgreement',
        label: 'SMS agreement',
        type: 'flag',
        agreement: 'sms',
        hint: 'Unchecked sends false (withdraws consent).',
      },
    ],
    expects: nothing,
    loses: none,
    account: { needs: 'anyone', permission: PHONE_UPDATE, changes: true },
  },
  deleteAccount: {
    label: 'Delete account',
    about: 'Permanently deletes the account.',
    group: 'deletion',
    args: [PROVIDER, text('clientAuthFactor', 'Password or token', SECRET), AUTH_ID],
    expects: () => 'signed-out',
    loses: () => ['the account and all its data, permanently', 'the sign-in', 'the authentication token', 'the current UUID'],
    account: { needs: 'customer', permission: 'SAUTH_CLIENT_DELETE', confirmedByEmail: true },
  },
} as const satisfies Readonly<Record<string, Operation>>;
