// Which names indicate a secret, in any spelling, and which merely contain the same letters.
import { describe, expect, it } from 'vitest';
import { isCode, isLabel, isPassword, isSecret, isValue, phraseOf, provesBy } from '@/lib/redaction/names';

/** All spellings of a name of several words. */
function spellings(words: string): string[] {
  const list = words.split(' ');
  const large = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
  const camel = list.map((word, index) => (index ? large(word) : word)).join('');
  const more = [camel, list.map(large).join(''), list.join('_'), list.join('-'), list.join('.'), list.join('_').toUpperCase()];
  return [...new Set([...more, `user[${list.join('_')}]`, `form.fields[0].${camel}`, `${camel}2`, `${list.join('_')}_1`])];
}

const PASSWORDS = [
  ...['password', 'passwd', 'pwd', 'passphrase', 'passcode', 'pass phrase', 'pass code', 'user pass', 'new pass', 'pass', 'pass confirm'],
  ...['old password', 'new password', 'password confirmation', 'current passwd', 'user pwd', 'password hash'],
  ...['haslo', 'hasło', 'nowe haslo', 'kennwort', 'passwort', 'neues passwort', 'contraseña', 'nueva contrasena', 'mot de passe', 'mdp'],
  ...['senha', 'nova senha', 'wachtwoord', 'heslo', 'jelszo', 'passord', 'lösenord', 'salasana', 'şifre', 'пароль', 'パスワード', '密码'],
  ...['otp', 'totp', 'hotp', 'sms otp', 'otp code', 'one time code', 'one time password', 'pin', 'pin code', 'user pin', 'new pin', 'cvv'],
  ...['confirmation code', 'confirm code', 'verification code', 'sms code', 'activation code', 'reset code', 'auth code', 'code sms'],
  ...['security code', 'recovery code', 'backup codes', 'two factor code', 'kod sms', 'kod potwierdzenia'],
  ...['credential', 'credentials', 'user credential', 'client auth factor', 'auth factor', 'code verifier'],
];
const SECRETS = [
  ...['token', 'access token', 'refresh token', 'id token', 'identity provider token', 'external token', 'x auth token', 'csrf token'],
  ...['refresh tokens', 'token value', 'jwt', 'my jwt', 'secret', 'client secret', 'secret key', 'secrets', 'api key', 'x api key', 'csrf'],
  ...['private key', 'api keys', 'authorization', 'bearer'],
];
const GLUED =
  'pincode confirmationcode verificationcode smscode userpass newpass oldpass mypass userpin userpassword newpassword oldpwd accesstoken refreshtoken apikey otpcode clientsecret PASSWORD Pass nowehaslo novasenha motdepasse codeverifier authfactor'.split(
    ' ',
  );
const NONE = `passenger passengers compass postcode post_code countryCode country_code zipCode zip errorCode error_code statusCode
  status_code promo_code promoCode keyboard tokenOrigin tokenType token_type expires_in token_expires_in passport bypass compassOrder
  compassWorthy hasLoaded hasLogin boarding_pass seasonPass passRate pass_count passThrough pinColor pinned pinterest spin opinion
  shipping unpin secretary discountCode couponCode currencyCode languageCode phoneCode areaCode qrCode barcode productCode authErrorCode
  desenha passwordPolicy password_min tokens max_tokens total_tokens key keys primaryKey hash capsLock encompass surpass trespass
  decode encode codec source_code codename note label email phone name value type uuid otpRequired otp_length`
  .split(/\s+/)
  .filter(Boolean);

describe('a name indicates a secret', () => {
  it.each(PASSWORDS)('typed by a person: %s', (words) => {
    for (const name of spellings(words)) expect([name, isPassword(name), isSecret(name)]).toEqual([name, true, true]);
  });

  it.each(SECRETS)('made by a machine: %s', (words) => {
    for (const name of spellings(words)) expect([name, isPassword(name), isSecret(name)]).toEqual([name, false, true]);
  });

  it('in one word, and in full-width or combining letters', () => {
    for (const name of [...GLUED, 'ｐａｓｓｗｏｒｄ', 'contrasen\u0303a']) expect([name, isSecret(name)]).toEqual([name, true]);
  });
});

describe('a name indicates no secret', () => {
  it.each(NONE)('%s', (name) => {
    for (const one of [name, `client.${name}`, `form[${name}]`]) expect([one, isPassword(one), isSecret(one)]).toEqual([one, false, false]);
  });
});

describe('the name `code`', () => {
  it('is distinguished from all other codes', () => {
    expect(['code', 'Code', 'kod', 'code1'].map(isCode)).toEqual([true, true, true, true]);
    expect(['countryCode', 'error_code', 'codes', 'decode', ''].map(isCode)).toEqual([false, false, false, false, false]);
    expect(isSecret('code')).toBe(false);
  });

  it.each<[string, string[], boolean, boolean]>([
    ['in an account request', ['code'], true, true],
    ['alone', ['code'], false, false],
    ['next to a password', ['code', 'newPassword'], false, true],
    ['next to an email', ['code', 'customerEmail'], false, true],
    ['next to a phone', ['code', 'phone_number'], false, true],
    ['of a country', ['code', 'name', 'currency'], false, false],
    ['of an error', ['code', 'message'], true, false],
    ['of an error about a field', ['code', 'field', 'rejectedValue', 'email'], true, false],
    ['of an error with its status', ['code', 'email', 'httpStatus'], false, false],
  ])('%s', (_where, names, isAccount, proves) => {
    expect(provesBy(names, isAccount)).toBe(proves);
  });
});

it('recognizes a label and a value that stand side by side', () => {
  for (const [label, value] of [
    ['key', 'val'],
    ['name', 'value'],
    ['k', 'v'],
    ['field', 'rejectedValue'],
    ['Name', 'VALUE'],
  ] as const)
    expect([isLabel(label), isValue(value)]).toEqual([true, true]);
  expect([isLabel('title'), isValue('text')]).toEqual([false, false]);
});

it('splits a name into words', () => {
  for (const name of ['oldPassword', 'old_password', 'old-password2', 'OLD PASSWORD', 'old[password]', 'Old.Password'])
    expect(phraseOf(name)).toBe('old-password');
  expect(phraseOf('parseHTMLText')).toBe('parse-html-text');
  expect(phraseOf('')).toBe('');
});
