/** Masks secrets in what a page sends and receives: tokens, passwords and codes of a customer. Pure. */
import { ruleInEncodings } from '../redaction/encoded';
import { isSought, partsOf, withoutForms } from '../redaction/forms';
import { withoutTokens } from '../redaction/jwts';
import { type MaskRule, maskText, maskValue, TOO_DEEP } from '../redaction/masking';
import { isPassword, isSecret } from '../redaction/names';
import { isAboutAccount } from './purposes';
import type { Body, Header, RequestRecord } from './request';

export const MASK = TOO_DEEP;

/** A shorter encoded run can't contain a token, or a name with its password (characters). */
const SHORTEST_RUN = 20;

const asIs = (text: string): string => text;
/** A rule that removes the values under certain names, and what `look` recognizes, in any encoding. */
const ruleOf = (names: MaskRule['names'], look: (text: string) => string, put: MaskRule['put'], isAccount: boolean): MaskRule =>
  ruleInEncodings({ names, look, put, isAccount, known: asIs, mark: MASK, shortest: SHORTEST_RUN }).rule;
const secrets = (isAccount = false): MaskRule =>
  ruleOf(
    isSecret,
    (text) => withoutTokens(text, null),
    () => MASK,
    isAccount,
  );

/** A text without tokens and the values of secret names. */
export const maskSecrets = (text: string): string => maskText(text, secrets());

/** Data without tokens and the values of secret names, at any depth. */
export const safeValue = <T>(value: T): T => maskValue(value, secrets(), 0) as T;

/** Whether a header's value is secret: a credential, or cookies. */
export const isSecretHeader = (name: string): boolean =>
  isSecret(name) || /^(authorization|proxy-authorization|cookie|set-cookie|x-simple-auth-hash)$/i.test(name);

/** A header with its secrets masked; the scheme of an authorization stays. */
const safeHeader = ([name, value]: Header): Header => {
  if (!isSecretHeader(name)) return [name, maskSecrets(value)];
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  return [name, scheme ? `${scheme} ${MASK}` : MASK];
};

/** A request with `sent` applied to the texts of the request, and `told` to those of the response. */
function maskRecord(
  record: RequestRecord,
  header: (header: Header) => Header,
  sent: (text: string) => string,
  told: (text: string) => string,
): RequestRecord {
  const bodyOf = (body: Body, text: (text: string) => string): Body => ({ ...body, text: body.text === null ? null : text(body.text) });
  return {
    ...record,
    url: sent(record.url),
    headers: record.headers.map(header),
    body: bodyOf(record.body, sent),
    statusText: told(record.statusText),
    answerHeaders: record.answerHeaders.map(header),
    answer: bodyOf(record.answer, told),
    problem: record.problem === null ? null : told(record.problem),
  };
}

/** A request with its secrets masked. */
export function safeRecord(record: RequestRecord): RequestRecord {
  const [sent, told] = [secrets(isAboutAccount(record)), secrets()];
  return maskRecord(
    record,
    safeHeader,
    (text) => maskText(text, sent),
    (text) => maskText(text, told),
  );
}

/** Basic authorization, in any header: name and password in base64 (RFC 7617). */
const BASIC = /^\s*Basic\s+\S/i;
/** A header with its password masked; `null` if neither its name nor its scheme indicates one. */
export const withoutPassword = ([name, value]: Header): Header | null =>
  isPassword(name) ? [name, MASK] : BASIC.test(value) ? [name, `Basic ${MASK}`] : null;

/** A request without passwords, wherever and in whatever encoding they recur in it. Applied on capture. Tokens stay. */
export function withoutPasswords(record: RequestRecord): RequestRecord {
  const seen = new Set<string>();
  const put = (value: string): string => {
    for (const part of partsOf(value)) if (isSought(part)) seen.add(part);
    return MASK;
  };
  const [sent, told] = [isAboutAccount(record), false].map((isAccount) => ruleOf(isPassword, asIs, put, isAccount)) as [MaskRule, MaskRule];
  const made = maskRecord(
    record,
    (header) => withoutPassword(header) ?? [header[0], maskText(header[1], told)],
    (text) => maskText(text, sent),
    (text) => maskText(text, told),
  );
  if (!seen.size) return made;
  const without = (text: string): string => withoutForms(text, [...seen]);
  // In an address, origin and path stay: a password may be an ordinary word in them. The same goes for a body that is an address.
  const sentWithout = (text: string): string => {
    const query = /^[a-z]+:\/\//i.test(text) ? text.search(/[?#]|$/) : 0;
    return text.slice(0, query) + without(text.slice(query));
  };
  return maskRecord(made, ([name, value]) => [name, without(value)], sentWithout, without);
}
