// The native side's account calls (notes §1.2), with the fields that the auth server expects. Only `account` returns a
// value.
const EVENTS = '/v4/events/custom';
const PERSONAL = '/v4/my-account/personal-information';
const OF_CLIENTS = '/sauth/clients';
const OF_ACCOUNT = '/sauth/my-account';
const OF_PHONE = '/v4/my-account/phone-update';

/**
 * `ask` sends a request with the session's token; `session` provides the session's data and is notified of changes.
 * @param {(method: string, path: string, body?: object) => Promise<any>} ask
 */
export function accountCalls(ask, session) {
  let newEmail = null;
  const post = async (path, body) => {
    await ask('POST', path, body);
  };
  const keyed = (path, body) => post(path, { apiKey: session.apiKey(), ...body });

  return {
    /** `lastActivityDate` in ms. */
    async account() {
      const account = await ask('GET', PERSONAL);
      return { ...account, lastActivityDate: Date.parse(account.lastActivityDate) };
    },
    async updateAccount(fields) {
      await post(PERSONAL, fields);
      if (fields.email) session.renamed(fields.email);
    },
    updateAccountBasicInformation: (fields) => post('/v4/my-account/basic-information', fields),
    changePassword: (oldPassword, password) => keyed(`${OF_ACCOUNT}/change-password`, { oldPassword, password }),
    requestPasswordReset: (email) => keyed(`${OF_CLIENTS}/password-reset/request`, { email }),
    confirmPasswordReset: (password, token) => keyed(`${OF_CLIENTS}/password-reset/confirmation`, { password, token }),
    async requestEmailChange(email, password, externalToken, authID) {
      await keyed(`${OF_ACCOUNT}/email-change/request`, { email, password, externalToken, authID });
      newEmail = email;
    },
    async confirmEmailChange(token, newsletterAgreement) {
      await keyed(`${OF_ACCOUNT}/email-change/confirmation`, { token, newsletterAgreement });
      if (newEmail !== null) session.renamed(newEmail);
    },
    requestPhoneUpdate: (phone) => post(`${OF_PHONE}/request`, { phone }),
    confirmPhoneUpdate: (phone, confirmationCode, smsAgreement) =>
      post(`${OF_PHONE}/confirmation`, { phone, confirmationCode, smsAgreement }),
    async deleteAccount(clientAuthFactor, identityProvider, authID) {
      await keyed(`${OF_ACCOUNT}/delete`, { clientAuthFactor, identityProvider, authID });
      session.deleted();
    },
    registerAccount: (fields) => keyed(`${OF_CLIENTS}/registered`, fields),
    requestAccountActivation: (email) => keyed(`${OF_CLIENTS}/activation/request`, { email }),
    confirmAccountActivation: (token) => keyed(`${OF_CLIENTS}/activation/confirmation`, { token }),
    requestAccountActivationByPin: (email) => keyed(`${OF_CLIENTS}/activation/by-pin-code/request`, { email }),
    confirmAccountActivationByPin: (pinCode, email) => keyed(`${OF_CLIENTS}/activation/by-pin-code/confirmation`, { pinCode, email }),
    /** Does nothing for a signed-in or an incognito customer. Reports neither success nor failure. */
    recognizeAnonymous(email, customId, params) {
      if (!session.mayTell()) return;
      const client = { uuid: session.uuid(), email, customId };
      post(EVENTS, { time: new Date().toISOString(), action: 'client.identify', label: 'Customer recognized', client, params }).catch(
        () => {},
      );
    },
  };
}
