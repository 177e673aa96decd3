// The account endpoints (notes §1.2, §4.1), each with the API key permission that it needs. Where the notes leave the
// method or prefix open, it is POST and the more likely prefix.
import { ApiError, causeOf, refusal } from './errors.mjs';
import { applyFields, checkFields, formed, text } from './fields.mjs';

/**
 * @typedef {import('./accounts.mjs').Account} Account
 * @typedef {typeof import('./switches.mjs').PERMISSIONS[number]} Permission
 *
 * @typedef {object} Call A request with a valid token.
 * @property {import('./accounts.mjs').Accounts} shop
 * @property {import('./tokens.mjs').Holder} holder
 * @property {Account | undefined} account the signed-in customer's account
 * @property {Record<string, unknown>} body
 * @property {number} now ms, the server's clock
 * @property {import('./switches.mjs').Switches} switches
 *
 * @typedef {object} Route
 * @property {Permission | null} permission that the API key must have
 * @property {(call: Call) => unknown} run returns the response body; nothing if the SDKs don't pass one on
 */

/** An endpoint for which an anonymous token is enough. @param {Permission | null} permission @param {Route['run']} run @returns {Route} */
const anybody = (permission, run) => ({ permission, run });

/** @param {Permission | null} permission @param {(call: Call & { account: Account }) => unknown} run @returns {Route} */
const customer = (permission, run) => ({
  permission,
  run(call) {
    if (!call.account) throw new ApiError(403, 'This needs a signed-in customer.');
    return run({ ...call, account: call.account });
  },
});

/** The owner of a code. @param {{ account: Account | undefined, holder: { uuid: string } }} call */
const whose = ({ account, holder }) => (account ? `client ${account.clientId}` : `uuid ${holder.uuid}`);

/** @param {Account} account */
const idOf = (account) => `client ${account.clientId}`;

/** @param {import('./accounts.mjs').Accounts} shop @param {string} whose */
const accountOf = (shop, whose) => shop.byId(whose.slice('client '.length));

/** @param {Call} call */
function byEmail({ shop, body }) {
  const account = shop.byEmail(formed(body, 'email'));
  if (!account) throw new ApiError(404, 'No account has this e-mail.');
  return account;
}

/** Like `byEmail`, but the account must not be active yet. @param {Call} call */
function inactive(call) {
  const account = byEmail(call);
  if (account.active) throw new ApiError(409, 'The account is active already.');
  return account;
}

/** The account that a message's token was sent for. @param {Call} call @param {import('./mailbox.mjs').About} about */
function byToken({ shop, body }, about) {
  const pending = shop.mailbox.find(about, text(body, 'token'));
  const account = pending && accountOf(shop, pending.whose);
  if (!account) throw new ApiError(403, 'The token is wrong or was used already.');
  return { account, to: pending.to };
}

/** @param {Record<string, unknown>} body @param {string} field @returns {boolean} */
function flag(body, field) {
  const value = body[field];
  if (typeof value !== 'boolean') throw refusal([causeOf('malformed', field, 'must be true or false', value)]);
  return value;
}

const [READ, UPDATE] = /** @type {const} */ (['API_PERSONAL_INFORMATION_CLIENT_READ', 'API_PERSONAL_INFORMATION_CLIENT_UPDATE']);
const RESET = 'SAUTH_PASSWORD_RESET_CLIENT_CREATE';
const EMAIL = 'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE';
const PHONE = 'API_PERSONAL_PHONE_CLIENT_CREATE';

/** @type {Readonly<Record<string, Route>>} */
export const ACCOUNT_ROUTES = {
  'GET /v4/my-account/personal-information': customer(READ, ({ account, holder }) => {
    const { password: _, active: __, provider: ___, ...shown } = account;
    return { ...shown, uuid: account.uuid ?? holder.uuid };
  }),
  'POST /v4/my-account/personal-information': customer(UPDATE, ({ shop, account, body, now }) => {
    checkFields(body);
    if (body['email'] !== undefined) shop.mustBeFree(body['email'], account);
    applyFields(account, body);
    account.lastActivityDate = new Date(now).toISOString();
  }),
  'POST /v4/my-account/basic-information': anybody('API_BASIC_INFORMATION_CLIENT_UPDATE', ({ shop, account, holder, body }) => {
    checkFields(body, { basic: true });
    applyFields(account ?? shop.profile(holder.uuid), body);
  }),

  'POST /sauth/my-account/change-password': customer('SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE', ({ account, body }) => {
    const [old, password] = [text(body, 'oldPassword'), text(body, 'password')];
    if (old !== account.password) throw new ApiError(403, 'The old password is wrong.');
    account.password = password;
  }),
  'POST /sauth/clients/password-reset/request': anybody(RESET, (call) => {
    const account = byEmail(call);
    call.shop.mailbox.send('password-reset', idOf(account), account.email);
  }),
  'POST /sauth/clients/password-reset/confirmation': anybody(RESET, (call) => {
    const password = text(call.body, 'password');
    const { account } = byToken(call, 'password-reset');
    account.password = password;
    call.shop.mailbox.used('password-reset', idOf(account));
  }),

  'POST /sauth/my-account/email-change/request': anybody(EMAIL, ({ shop, account, body }) => {
    const email = formed(body, 'email');
    const { password, externalToken } = body;
    // The made-up identity providers use the customer's email as token.
    const proven =
      account && (externalToken == null ? password === account.password && password !== null : externalToken === account.email);
    if (!proven) throw new ApiError(403, account ? 'Wrong password or token.' : 'Nobody is signed in whose password this could be.');
    shop.mustBeFree(email, account);
    shop.mailbox.send('email-change', idOf(account), email);
  }),
  'POST /sauth/my-account/email-change/confirmation': anybody(EMAIL, (call) => {
    const { account, to } = byToken(call, 'email-change');
    const newsletter = flag(call.body, 'newsletterAgreement');
    call.shop.mustBeFree(to, account);
    account.email = to;
    account.agreements['email'] = newsletter;
    call.shop.mailbox.used('email-change', idOf(account));
  }),

  'POST /v4/my-account/phone-update/request': anybody(PHONE, (call) => {
    call.shop.mailbox.send('phone-update', whose(call), formed(call.body, 'phone'));
  }),
  'POST /v4/my-account/phone-update/confirmation': anybody(PHONE, (call) => {
    const { shop, account, holder, body } = call;
    const [phone, code] = [formed(body, 'phone'), text(body, 'confirmationCode')];
    const agreed = body['smsAgreement'] == null ? null : flag(body, 'smsAgreement');
    if (!shop.mailbox.proves('phone-update', whose(call), phone, code))
      throw new ApiError(403, 'The code is not that of this phone number.');
    const fields = account ?? shop.profile(holder.uuid);
    fields.phone = phone;
    // Without an answer, the agreement stays as it was.
    if (agreed !== null) fields.agreements['sms'] = agreed;
    shop.mailbox.used('phone-update', whose(call));
  }),

  'POST /sauth/my-account/delete': customer('SAUTH_CLIENT_DELETE', ({ shop, account, body }) => {
    const external = body['identityProvider'] !== undefined && body['identityProvider'] !== 'SYNERISE';
    const factor = external ? account.email : account.password;
    if (factor === null || body['clientAuthFactor'] !== factor) throw new ApiError(403, 'Wrong password or token.');
    shop.remove(account);
  }),

  'POST /sauth/clients/registered': anybody('SAUTH_REGISTER_CLIENT_CREATE', ({ shop, body, switches, now }) => {
    const [email, password] = [text(body, 'email'), text(body, 'password')];
    checkFields(body);
    shop.mustBeFree(email);
    const { activation } = switches;
    const lastActivityDate = new Date(now).toISOString();
    const account = shop.add({ email, password, provider: 'SYNERISE', active: activation === 'none', lastActivityDate });
    applyFields(account, body);
    if (!account.active) shop.mailbox.send(activation === 'pin' ? 'activation-by-pin' : 'activation', idOf(account), email);
  }),
  'POST /sauth/clients/activation/request': anybody(null, (call) => {
    const account = inactive(call);
    call.shop.mailbox.send('activation', idOf(account), account.email);
  }),
  'POST /sauth/clients/activation/confirmation': anybody(null, (call) => {
    const { account } = byToken(call, 'activation');
    account.active = true;
    call.shop.mailbox.used('activation', idOf(account));
  }),
  'POST /sauth/clients/activation/by-pin-code/request': anybody(null, (call) => {
    const account = inactive(call);
    call.shop.mailbox.send('activation-by-pin', idOf(account), account.email);
  }),
  'POST /sauth/clients/activation/by-pin-code/confirmation': anybody(null, (call) => {
    const pinCode = text(call.body, 'pinCode');
    const account = inactive(call);
    if (!call.shop.mailbox.proves('activation-by-pin', idOf(account), account.email, pinCode))
      throw new ApiError(403, 'The PIN is not that of this e-mail.');
    account.active = true;
    call.shop.mailbox.used('activation-by-pin', idOf(account));
  }),

  'POST /v4/events/custom': anybody(null, ({ shop, holder, body }) => {
    shop.events.push({ at: Date.now(), uuid: holder.uuid, event: body });
  }),
};
