/** Recognizes names of secrets by their words, in several languages. A word that merely contains these letters doesn't count. Pure. */

/** A name's words, lowercase and without diacritics, joined: `oldPassword`, `old_password2` and `old[password]` are `old-password`. */
export function phraseOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      // The only Latin letter in the languages of shops that NFKD doesn't decompose.
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

/** Words for passwords: stems that occur in no other word, then whole words. */
const PASSWORDS = new RegExp(
  [
    'passw|passphrase|passcode|pwd|kennwort|contrasen|motdepasse|wachtwoord|losenord|salasana|jelszo|adgangskode|credential|authfactor|codeverifier',
    wholeWords('pass-(?:words?|wd|phrase|code)|auth-factor|mot-de-passe|code-verifier').source,
    wholeWords(`\\p{L}*(?:haslo|heslo|passord)|(?:nova|minha|sua|confirmar|repetir|atual)?senha|mdp|sifre`).source,
    // As `phraseOf` leaves them: the last one is パスワード.
    wholeWords('пароль|密码|密碼|ハスワート').source,
  ].join('|'),
  'u',
);
/** Words for one-time codes, PINs and card codes. */
const CODES = wholeWords('(?:sms|email|mail|phone|user|login)?[th]?otp(?:code|value)?|pin-?codes?|cvv|cvc|one-?time-?(?:code|pin|pass)');
const CODE = /(?:^|-)(?:code|codes|kod|kody)(?:-|$)/;
/** Words next to `code` that make it a proof of identity, and words that make it a different kind of code. */
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
/** Next to these words, `pass` and `pin` are secrets; `boarding_pass` and `pinColor` aren't. */
const OF_PASSES = setOf(
  `user username usr new old current confirm confirmed confirmation repeat repeated retype again my admin login signin account
  client customer member db database ftp smtp mail email auth api root wifi http basic proxy value val field input txt text form
  temp temporary reset verify verification sms code number hash plain raw activation security secret the your x j u p wp register
  registration signup sign log up in app web site shop encrypted enc`,
);
const GLUED_PASS =
  /^(?:user|usr|new|old|current|confirm|my|db|admin|login|account|client|customer|mail|email|root|wifi|re|temp|u|auth)(?:pass|pin)$/;
/** Names with these endings describe a secret but aren't one. */
const ABOUT = wholeWords(
  '(?:origin|type|strength|policy|length|expired|expires?|expiry|expiration|exp|expires-(?:in|at)|at|count|required|enabled|ttl|lifetime|url|path|label|placeholder|rules?|min|max|attempts|mode)$',
);
const TOKENS =
  /(?:^|-)(?:\p{L}*(?:token|jwt|secret)|secrets)(?:-(?:value|val|string|text|raw|hash|key|data))?$|(?:access|refresh|id|auth|bearer|session|csrf|xsrf|api|push|reset|security)-?tokens$|^(?:x-)?(?:csrf|xsrf)$|^(?:proxy-)?authorization$|^bearer$/u;
const API_KEYS = /(?:^|-)(?:\p{L}*apikey|(?:api|secret|private|signing|encryption|master)-key)s?(?:-value)?$/u;

type Kind = 'password' | 'secret' | 'code' | null;

/** A name means the same inside a group, such as `user[pass]` or `form.pass`: the last part of a path is also read alone. */
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

/** Cache: data repeats the same names. */
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

/** Whether a name is of what a person typed to prove who they are: never kept, not even in memory. */
export const isPassword = (name: string): boolean => kindOf(name) === 'password';
/** The same, and tokens and keys under any name; `tokenOrigin` describes a token but isn't one. */
export const isSecret = (name: string): boolean => isPassword(name) || kindOf(name) === 'secret';
/** Whether a name is just `code` (or `kod`), which can mean anything. */
export const isCode = (name: string): boolean => kindOf(name) === 'code';

/** Names that occur next to an error's code. */
const OF_ERRORS = setOf(
  'message messages error errors status rejected-value field http-status status-code trace-id exception stack reason details',
);
const OF_PERSONS = wholeWords(
  'e-?mails?|\\p{L}*email|phones?|\\p{L}*phone|mobile|msisdn|phonenumber|grant-type|redirect-uri|code-verifier',
);
/** Whether a `code` next to these names proves who somebody is. @param isAccount whether the data is about an account */
export function provesBy(names: readonly string[], isAccount: boolean): boolean {
  const phrases = names.map(phraseOf);
  if (phrases.some((phrase) => OF_ERRORS.has(phrase))) return false;
  return isAccount || names.some(isPassword) || phrases.some((phrase) => OF_PERSONS.test(phrase));
}
/** The name that such a code is judged by. */
export const CODE_NAME = 'confirmationCode';

/** Keys for a name and for its value, where an object holds both next to each other. */
const LABELS = setOf('name key field k n id label property prop attribute attr param parameter type fieldname');
const VALUES = setOf('value val v rejectedvalue newvalue oldvalue input');
const small = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
export const isLabel = (name: string): boolean => LABELS.has(small(name));
export const isValue = (name: string): boolean => VALUES.has(small(name));
