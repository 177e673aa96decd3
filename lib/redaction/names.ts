/** Which names tell of a secret: by their words, in the languages of shops. A word that merely holds these letters tells nothing. Pure. */

/** A name's words in small letters without marks, in one line: `oldPassword`, `old_password2` and `old[password]` are `old-password`. */
export function phraseOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      // Of the Latin letters that shops speak this one alone is not put together of others.
      .replace(/[łŁ]/g, (letter) => (letter === 'ł' ? 'l' : 'L'))
      .replace(/\p{M}+/gu, '')
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1-$2')
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .filter(Boolean)
      .join('-')
  );
}

const wholeWords = (words: string): RegExp => new RegExp(`(?:^|-)(?:${words})(?:-|$)`, 'u');
const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Words of passwords: stems that stand in no other word, then whole words. */
const PASSWORDS = new RegExp(
  [
    'passw|passphrase|passcode|pwd|kennwort|contrasen|motdepasse|wachtwoord|losenord|salasana|jelszo|adgangskode|credential|authfactor|codeverifier',
    wholeWords('pass-(?:words?|wd|phrase|code)|auth-factor|mot-de-passe|code-verifier').source,
    wholeWords(`\\p{L}*(?:haslo|heslo|passord)|(?:nova|minha|sua|confirmar|repetir|atual)?senha|mdp|sifre`).source,
    wholeWords(['пароль', '密码', '密碼', 'パスワード'].map(phraseOf).join('|')).source,
  ].join('|'),
  'u',
);
/** Words of codes that are good once. */
const CODES = wholeWords('(?:sms|email|mail|phone|user|login)?[th]?otp(?:code|value)?|pin-?codes?|cvv|cvc|one-?time-?(?:code|pin|pass)');
const CODE = /(?:^|-)(?:code|codes|kod|kody)(?:-|$)/;
/** Words beside `code` that say what it is good for, and words that say it is another. */
const OF_CODES = setOf(
  `confirm confirmation confirming verify verification sms activate activation reset auth authorization authentication otp mfa
  fa factor security login signin recovery backup access secret onetime pin potwierdzenia weryfikacyjny weryfikacji aktywacyjny aktywacji`,
);
const OF_OTHER_CODES = setOf(
  `error err status response http result reason exit country lang language locale currency type zip postal post promo coupon
  discount voucher product area prefix`,
);
const GLUED_CODE = wholeWords(
  '(?:confirm(?:ation)?|verif(?:y|ication)|sms|activation|reset|auth(?:orization)?|security|access|recovery|backup|login|mfa)codes?',
);
/** Beside these words `pass` and `pin` are a secret: `boarding_pass` and `pinColor` are none. */
const OF_PASSES = setOf(
  `user username usr new old current confirm confirmed confirmation repeat repeated retype again my admin login signin account
  client customer member db database ftp smtp mail email auth api root wifi http basic proxy value val field input txt text form
  temp temporary reset verify verification sms code number hash plain raw activation security secret the your x j u p wp register
  registration signup sign log up in app web site shop encrypted enc`,
);
const GLUED_PASS =
  /^(?:user|usr|new|old|current|confirm|my|db|admin|login|account|client|customer|mail|email|root|wifi|re|temp|u|auth)(?:pass|pin)$/;
/** What ends in these tells of a secret, and is none. */
const ABOUT = wholeWords(
  '(?:origin|type|strength|policy|length|expired|expires?|expiry|expiration|exp|expires-(?:in|at)|at|count|required|enabled|ttl|lifetime|url|path|label|placeholder|rules?|min|max|attempts|mode)$',
);
const TOKENS =
  /(?:^|-)(?:\p{L}*(?:token|jwt|secret)|secrets)(?:-(?:value|val|string|text|raw|hash|key|data))?$|(?:access|refresh|id|auth|bearer|session|csrf|xsrf|api|push|reset|security)-?tokens$|^(?:x-)?(?:csrf|xsrf)$|^(?:proxy-)?authorization$|^bearer$/u;
const API_KEYS = /(?:^|-)(?:\p{L}*apikey|(?:api|secret|private|signing|encryption|master)-key)s?(?:-value)?$/u;

type Kind = 'password' | 'secret' | 'code' | null;

/** A name says the same in a group, such as `user[pass]` or `form.pass`: the last of a path counts alone, too. */
function read(name: string): Kind {
  const [last = '', ...before] = name
    .split(/[.[\]]+/)
    .filter((part) => /\p{L}/u.test(part))
    .reverse();
  return readPhrase(phraseOf(name)) ?? (before.length ? readPhrase(phraseOf(last)) : null);
}

function readPhrase(phrase: string): Kind {
  if (phrase === '') return null;
  if (phrase === 'code' || phrase === 'kod') return 'code';
  if (ABOUT.test(phrase)) return null;
  if (PASSWORDS.test(phrase) || CODES.test(phrase)) return 'password';
  const words = phrase.split('-');
  const isOnly = (one: string) => words.includes(one) && words.every((word) => word === one || OF_PASSES.has(word));
  if (isOnly('pass') || isOnly('pin') || words.some((word) => GLUED_PASS.test(word))) return 'password';
  const isOther = words.some((word) => OF_OTHER_CODES.has(word));
  if (!isOther && (GLUED_CODE.test(phrase) || (CODE.test(phrase) && words.some((word) => OF_CODES.has(word))))) return 'password';
  return TOKENS.test(phrase) || API_KEYS.test(phrase) ? 'secret' : null;
}

/** Data has the same names again and again. */
const kinds = new Map<string, Kind>();
const MOST = 5000;
const LONGEST = 100;
function kindOf(name: string): Kind {
  if (name.length > LONGEST) return read(name.slice(-LONGEST));
  const known = kinds.get(name);
  if (known !== undefined) return known;
  if (kinds.size >= MOST) kinds.clear();
  const kind = read(name);
  kinds.set(name, kind);
  return kind;
}

/** Names of what a person typed to prove who they are: never kept, not even in memory. */
export const isPassword = (name: string): boolean => kindOf(name) === 'password';
/** Those, and tokens and keys under whatever name; `tokenOrigin` tells of one and is none. */
export const isSecret = (name: string): boolean => isPassword(name) || kindOf(name) === 'secret';
/** `code` alone, which is this or that. */
export const isCode = (name: string): boolean => kindOf(name) === 'code';

/** What stands beside an error's code. */
const OF_ERRORS = setOf(
  'message messages error errors status rejected-value field http-status status-code trace-id exception stack reason details',
);
const OF_PERSONS = wholeWords(
  'e-?mails?|\\p{L}*email|phones?|\\p{L}*phone|mobile|msisdn|phonenumber|grant-type|redirect-uri|code-verifier',
);
/** Whether a `code` beside these names proves who somebody is. @param isAccount where all of it is about an account */
export function provesBy(names: readonly string[], isAccount: boolean): boolean {
  const phrases = names.map(phraseOf);
  if (phrases.some((phrase) => OF_ERRORS.has(phrase))) return false;
  return isAccount || names.some(isPassword) || phrases.some((phrase) => OF_PERSONS.test(phrase));
}
/** The name that such a code is known by. */
export const CODE_NAME = 'confirmationCode';

/** Of a name that stands beside its value in an object, the names of both. */
const LABELS = setOf('name key field k n id label property prop attribute attr param parameter type fieldname');
const VALUES = setOf('value val v rejectedvalue newvalue oldvalue input');
const small = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
export const isLabel = (name: string): boolean => LABELS.has(small(name));
export const isValue = (name: string): boolean => VALUES.has(small(name));
