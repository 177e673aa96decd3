/**
 * Verifies a JWT's signature with a pasted public key, certificate or JWK set, and explains why it doesn't match.
 * Needs WebCrypto; makes no requests.
 */
import { type CryptoKey, compactVerify, errors, exportJWK, importJWK, importSPKI, importX509, type JWK } from 'jose';
import { isRecord } from '../page/plain';
import { cleanToken } from './claims';
import { decodeToken } from './token';

/** Why a signature could not be verified. */
export type Misfit =
  /** The token is a JWE, or isn't readable. */
  | 'encrypted'
  | 'encoding'
  /** The token isn't signed; or its algorithm needs a shared secret, or doesn't suit the key. */
  | 'unsigned'
  | 'algorithm'
  /** A JWK whose `use` or `key_ops` rules out verifying signatures. */
  | 'not-for-signatures'
  | 'key-unreadable'
  /** The token was signed with a different key; the key is right but the content was changed; or one of the two. */
  | 'wrong-key'
  | 'tampered'
  | 'wrong-key-or-tampered';

export type Verification =
  | { readonly fits: true; readonly algorithm: string; readonly key: string; readonly notes: readonly string[] }
  | { readonly fits: false; readonly why: Misfit; readonly words: string; readonly notes: readonly string[] };

const no = (why: Misfit, words: string, notes: readonly string[] = []): Verification => ({ fits: false, why, words, notes });

/** One public key from the pasted text, whatever its format. */
interface Key {
  readonly name: string;
  readonly kid: string | null;
  /** Why the key's own metadata rules out the algorithm; `null` if it doesn't. */
  refuses(algorithm: string): Refusal | null;
  /** @throws if the key isn't for that algorithm */
  import(algorithm: string): Promise<CryptoKey>;
}
interface Refusal {
  readonly why: 'algorithm' | 'not-for-signatures';
  readonly words: string;
}

const EXTRACTABLE = { extractable: true } as const;

const PRIVATE = 'This is a private key. Keep it secret and paste the public key or certificate instead.';

/** Finds the keys in pasted text; returns an error message if there is no usable one. */
function keysIn(pasted: string): readonly Key[] | string {
  // Configuration files and environment variables escape line breaks.
  const text = pasted.trim().replaceAll('\\n', '\n');
  if (text === '') return 'Paste a public key, certificate or JWK set.';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return PRIVATE;
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label !== undefined) {
    // OpenSSL's TRUSTED CERTIFICATE is a certificate followed by its trust settings.
    const blocks = [...text.matchAll(/-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE|(?:RSA )?PUBLIC KEY)-----([^-]+)-----END \1-----/g)];
    if (!blocks.length && !/^(?:(?:TRUSTED |X509 )?CERTIFICATE|(?:RSA )?PUBLIC KEY)$/.test(label))
      return `This is a ${label.toLowerCase()}. Paste a public key, certificate or JWK set.`;
    return listed(blocks.map(([, kind = '', body = ''], at) => keyOfDer(body, ` ${at + 1}`, kind.endsWith('CERTIFICATE'))));
  }
  // Base64 without PEM markers, as portals show it.
  if (/^[A-Za-z0-9+/=\s]{40,}$/.test(text)) return listed([keyOfDer(text, '', false)]);
  return /^[{[]/.test(text) ? keysOfJson(text) : 'Neither PEM (-----BEGIN …) nor JSON.';
}

/** All the keys, or an error message if any is private. */
const listed = (keys: readonly (Key | null)[]): readonly Key[] | string => {
  const fine = keys.filter((key) => key !== null);
  return fine.length < keys.length ? PRIVATE : fine;
};

/**
 * Reads a key in DER. Its first bytes determine the type, because labels may be missing or wrong; `null` if it is private.
 * @param base64 of the DER @param number suffix of its name @param certified assume a certificate if the bytes are inconclusive
 */
function keyOfDer(base64: string, number: string, certified: boolean): Key | null {
  const form = formOf(base64) ?? (certified ? 'certificate' : 'spki');
  if (form === 'private') return null;
  const isCertificate = form === 'certificate';
  const label = isCertificate ? 'CERTIFICATE' : 'PUBLIC KEY';
  const pem = `-----BEGIN ${label}-----\n${form === 'pkcs1' ? spkiOf(base64) : base64.trim()}\n-----END ${label}-----`;
  return {
    name: `${isCertificate ? 'certificate' : 'public key'}${number}`,
    kid: null,
    refuses: () => null,
    import: (alg) => (isCertificate ? importX509 : importSPKI)(pem, alg, EXTRACTABLE),
  };
}

const [INTEGER, OID, SEQUENCE, VERSION] = [0x02, 0x06, 0x30, 0xa0];

/** Type of a DER key, from its leading tags (RFC 5280 §4.1, RFC 8017 §A.1, RFC 5958 §2); `null` if they match none. */
function formOf(base64: string): 'certificate' | 'spki' | 'pkcs1' | 'private' | null {
  const bytes = fromBase64(base64);
  if (bytes?.charCodeAt(0) !== SEQUENCE) return null;
  const at = contentAt(bytes, 0);
  const inner = bytes.charCodeAt(contentAt(bytes, at));
  switch (bytes.charCodeAt(at)) {
    case INTEGER:
      // A public key starts with its modulus; a private key starts with its version, a one-byte integer.
      return bytes.charCodeAt(at + 1) > 1 ? 'pkcs1' : 'private';
    case SEQUENCE:
      return inner === OID ? 'spki' : inner === VERSION || inner === INTEGER ? 'certificate' : null;
    default:
      return null;
  }
}

/** Offset of the content of the DER element at `at`. Its length field is one byte, or for long content one byte plus as many as it says. */
const contentAt = (bytes: string, at: number): number => {
  const size = bytes.charCodeAt(at + 1);
  return at + 2 + (size > 0x80 ? size - 0x80 : 0);
};

/** Wraps an RSA key in PKCS#1 (RFC 8017 §A.1) in an SPKI; both in base64. */
function spkiOf(pkcs1: string): string {
  const RSA = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00';
  return btoa(der(SEQUENCE, der(SEQUENCE, RSA) + der(0x03, `\0${fromBase64(pkcs1)}`)));
}
function der(tag: number, content: string): string {
  const hex = content.length.toString(16);
  const size = content.length < 0x80 ? [content.length] : [0x80 + Math.ceil(hex.length / 2), ...octets(hex)];
  return String.fromCharCode(tag, ...size) + content;
}
const octets = (hex: string): number[] =>
  (hex.padStart(hex.length + (hex.length % 2), '0').match(/../g) ?? []).map((one) => Number.parseInt(one, 16));

function fromBase64(text: string): string | null {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return null;
  }
}

function keysOfJson(text: string): readonly Key[] | string {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return 'Not valid JSON (truncated?).';
  }
  const all =
    isRecord(read) && Array.isArray(read['keys']) ? (read['keys'] as unknown[]) : Array.isArray(read) ? (read as unknown[]) : [read];
  const jwks = all.filter((key): key is JWK & Record<string, unknown> => isRecord(key) && typeof key['kty'] === 'string');
  if (!jwks.length) return 'No key in this JSON (a JWK has kty, a JWK set has keys).';
  if (jwks.some(({ d }) => d !== undefined)) return PRIVATE;
  const kidOf = ({ kid }: JWK): string | null => (typeof kid === 'string' ? kid : null);
  return jwks.map((jwk, at) => ({
    name: `JWK ${kidOf(jwk) ?? at + 1}`,
    kid: kidOf(jwk),
    refuses: (algorithm) => refusalOf(jwk, algorithm),
    async import(alg) {
      // Import it whatever its declared use: `refuses` reports that separately.
      const { use: _use, key_ops: _ops, ...numbers } = jwk;
      const key = await importJWK({ ...numbers, ext: true }, alg);
      if (key instanceof Uint8Array) throw new TypeError('A shared secret isn’t a public key.');
      return key;
    },
  }));
}

/** RFC 9864 gave EdDSA with Ed25519 its own name. */
const aliasOf = (algorithm: string): string => (algorithm === 'Ed25519' ? 'EdDSA' : algorithm);

/** Why a JWK's metadata (RFC 7517 §4.2 to §4.4) rules out verifying a signature with the algorithm; `null` if it doesn't. */
function refusalOf({ use, key_ops: ops, alg }: JWK & Record<string, unknown>, algorithm: string): Refusal | null {
  const is = (why: Refusal['why'], words: string): Refusal => ({ why, words });
  if (typeof use === 'string' && use !== 'sig') return is('not-for-signatures', `isn’t for signatures (use: “${use}”)`);
  if (Array.isArray(ops) && !ops.includes('verify')) return is('not-for-signatures', 'isn’t for signatures (key_ops)');
  return typeof alg === 'string' && aliasOf(alg) !== aliasOf(algorithm)
    ? is('algorithm', `is for ${alg} only; the token uses ${algorithm}`)
    : null;
}

/**
 * Verifies a token's signature.
 * @param pasted the token as it was copied
 * @param key a public key (SPKI, PEM or its base64), one or more certificates, a JWK or a JWK set
 */
export async function verifyToken(pasted: string, key: string): Promise<Verification> {
  const { token, notes } = cleanToken(pasted);
  const parts = token.split('.');
  if (parts.length === 5)
    return no('encrypted', 'Encrypted token (JWE, 5 parts). It can’t be read or verified without the private key.', notes);
  if (parts.length !== 3)
    return no(
      'encoding',
      `Not a signed JWT (${parts.length} ${parts.length === 1 ? 'part' : 'parts'} instead of 3)${parts.length === 1 ? '; probably encrypted' : ''}.`,
      notes,
    );
  if (parts.some((part) => /[^\w-]/.test(part)))
    return no(
      'encoding',
      /[+/=]/.test(token)
        ? 'Encoded in base64 instead of base64url (uses +, / or =).'
        : 'Contains characters that aren’t allowed in a JWT.',
      notes,
    );
  const { header } = decodeToken(token);
  const algorithm = header?.['alg'];
  if (typeof algorithm !== 'string') return no('encoding', 'Can’t decode the header.', notes);
  if (/^none$/i.test(algorithm)) return no('unsigned', 'alg is none: the token isn’t signed, so anyone can forge it.', notes);
  if (parts[2] === '') return no('unsigned', 'Signature missing: unsigned or truncated token.', notes);
  if (algorithm.startsWith('HS'))
    return no('algorithm', `${algorithm} uses a shared secret, so there is no public key. The Web SDK needs RS256.`, notes);
  const keys = keysIn(key);
  if (typeof keys === 'string') return no('key-unreadable', keys, notes);
  if (!keys.length) return no('key-unreadable', 'Key is truncated.', notes);
  const wanted = typeof header?.['kid'] === 'string' ? header['kid'] : null;
  const named = keys.filter(({ kid }) => wanted !== null && kid === wanted);
  if (wanted === null || !named.length) {
    const hints = wanted !== null && keys.some(({ kid }) => kid !== null) ? [`Key ${wanted} (kid) isn’t among these keys.`] : [];
    return tryAll(token, algorithm, keys, [...notes, ...hints]);
  }
  const byName = await tryAll(token, algorithm, named, notes);
  if (byName.fits || byName.why === 'tampered' || byName.why === 'encoding') return byName;
  const others = await tryAll(
    token,
    algorithm,
    keys.filter((one) => !named.includes(one)),
    notes,
  );
  // Verifiers select the key by its `kid`, so they reject this token.
  return others.fits ? no(byName.why, `The token’s kid is ${wanted}, but it was signed with ${others.key}.`, notes) : byName;
}

/** Browsers throw WebCrypto errors without a message. */
const wordsOf = (error: unknown): string => ((error instanceof Error && error.message) || 'damaged or mislabeled').replace(/\.$/, '');

/** Result of verifying a signature with one key; `own`: it was made with this key, but for different content. */
type Attempt =
  | { readonly is: 'fits' }
  | { readonly is: 'own' }
  | { readonly is: 'foreign' }
  | { readonly is: 'fault'; readonly words: string; readonly otherKind: boolean }
  | { readonly is: 'damaged'; readonly words: string };

async function attempt(token: string, algorithm: string, key: Key): Promise<Attempt> {
  let imported: CryptoKey;
  try {
    imported = await key.import(algorithm);
  } catch (error) {
    return { is: 'fault', words: wordsOf(error), otherKind: await isForAnother(key, algorithm) };
  }
  try {
    await compactVerify(token, imported, { algorithms: [algorithm] });
    return { is: 'fits' };
  } catch (error) {
    if (
      error instanceof errors.JWSInvalid ||
      (error instanceof errors.JOSENotSupported && decodeToken(token).header?.['crit'] !== undefined)
    )
      return { is: 'damaged', words: wordsOf(error) };
    if (!(error instanceof errors.JWSSignatureVerificationFailed))
      return {
        is: 'fault',
        words: wordsOf(error),
        otherKind: error instanceof errors.JOSENotSupported || (await isForAnother(key, algorithm)),
      };
  }
  return { is: (await isOwnKey(token, algorithm, imported)) === true ? 'own' : 'foreign' };
}

/** How many keys are named when none matches. */
const NAMED = 5;

async function tryAll(token: string, algorithm: string, keys: readonly Key[], notes: readonly string[]): Promise<Verification> {
  const faults: string[] = [];
  const refused: (Refusal & { readonly signed: boolean })[] = [];
  const foreign: Key[] = [];
  let isOtherKind = false;
  for (const one of keys) {
    const came = await attempt(token, algorithm, one);
    if (came.is === 'damaged') return no('encoding', `Damaged or unsupported token: ${came.words}.`, notes);
    const refusal = one.refuses(algorithm);
    if (refusal) {
      refused.push({ why: refusal.why, words: `${one.name} ${refusal.words}.`, signed: came.is === 'fits' });
      continue;
    }
    if (came.is === 'fits') return { fits: true, algorithm, key: one.name, notes };
    if (came.is === 'own') return no('tampered', `Signed with this ${one.name}, but header or payload were changed afterwards.`, notes);
    if (came.is === 'fault') {
      faults.push(`${one.name}: ${came.words}.`);
      isOtherKind ||= came.otherKind;
    } else foreign.push(one);
  }
  const signed = refused.find((one) => one.signed);
  if (signed) return no(signed.why, `${signed.words} It was signed with that key anyway.`, notes);
  const said = refused.slice(0, NAMED).map(({ words }) => words);
  if (!foreign.length) {
    if (refused[0]) return no(refused[0].why, said.join(' '), notes);
    return isOtherKind
      ? no('algorithm', `This key doesn’t support ${algorithm}.`, notes)
      : no('key-unreadable', `Can’t read this key. ${faults.join(' ')}`, notes);
  }
  const words = keyWords(foreign);
  return /^RS/.test(algorithm)
    ? no('wrong-key', `Not signed with ${words}. Wrong key, rotated certificate, or corrupted signature.`, [...notes, ...said])
    : no('wrong-key-or-tampered', `Doesn’t match ${words}: wrong key or modified token.`, [...notes, ...said]);
}

/** Describes the keys that were tried, naming those that have a `kid`. */
function keyWords(keys: readonly Key[]): string {
  const names = keys.slice(0, NAMED).flatMap(({ kid, name }) => (kid === null ? [] : [name]));
  const list = names.length ? ` (${names.join(', ')}${keys.length > NAMED ? ', …' : ''})` : '';
  return `${keys.length === 1 ? 'this key' : `any of these ${keys.length} keys`}${list}`;
}

/** One algorithm for each kind of key. */
const KINDS = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Whether the key is valid, but for a different algorithm. */
async function isForAnother(key: Key, algorithm: string): Promise<boolean> {
  for (const other of KINDS) {
    if (other === algorithm) continue;
    const isIts = await key.import(other).then(
      () => true,
      () => false,
    );
    if (isIts) return true;
  }
  return false;
}

/**
 * Whether an RSA signature (RSASSA-PKCS1-v1_5, RFC 8017 §8.2) was made with this key's private half, whatever was signed:
 * decrypted with the matching public key it shows the padding, with any other it is noise. `null` if the algorithm doesn't
 * allow this check.
 */
async function isOwnKey(token: string, algorithm: string, key: CryptoKey): Promise<boolean | null> {
  if (!/^RS\d{3}$/.test(algorithm)) return null;
  const { n, e } = await exportJWK(key);
  if (n === undefined || e === undefined) return null;
  const [ofKey, ofToken] = [bytesOf(n), bytesOf(token.split('.')[2] ?? '')];
  // A signature is as long as its key (RFC 8017 §8.2.2); nobody uses keys longer than this limit.
  if (ofToken.length !== ofKey.length || ofKey.length > LONGEST_KEY) return false;
  const [modulus, exponent, signature] = [ofKey, bytesOf(e), ofToken].map(bigOf) as [bigint, bigint, bigint];
  if (signature >= modulus) return false;
  const opened = power(signature, exponent, modulus).toString(16).padStart(modulus.toString(16).length, '0');
  return /^0*1f{16,}00/.test(opened);
}

/** In bytes (16,384 bits). */
const LONGEST_KEY = 2048;
const bytesOf = (base64url: string): string => atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
const bigOf = (bytes: string): bigint =>
  BigInt(`0x${[...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('') || '0'}`);
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base % modulus, exponent]; left > 0n; [square, left] = [(square * square) % modulus, left >> 1n])
    if (left & 1n) result = (result * square) % modulus;
  return result;
}
