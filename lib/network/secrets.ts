/** What is secret in what a page sends: tokens, passwords and codes of a customer. Pure. */
import { ruleInEncodings } from '../redaction/encoded';
import { isSought, partsOf, withoutForms } from '../redaction/forms';
import { withoutTokens } from '../redaction/jwts';
import { type MaskRule, maskText, maskValue, TOO_DEEP } from '../redaction/masking';
import { isPassword, isSecret } from '../redaction/names';
import { isAboutAccount } from './purposes';
import type { Body, Header, RequestRecord } from './request';

export const MASK = TOO_DEEP;

/** A shorter run of an encoding holds no token, and no name with its password (characters). */
const SHORTEST_RUN = 20;

const asIs = (text: string): string => text;
/** A rule that takes out what stands under some names, and what goes by its own look, in whatever encoding. */
const ruleOf = (names: MaskRule['names'], look: (text: string) => string, put: MaskRule['put'], isAccount: boolean): MaskRule =>
  ruleInEncodings({ names, look, put, isAccount, known: asIs, mark: MASK, shortest: SHORTEST_RUN }).rule;
const secrets = (isAccount = false): MaskRule =>
  ruleOf(
    isSecret,
    (text) => withoutTokens(text, null),
    () => MASK,
    isAccount,
  );

/** A text without tokens, and without the values of secret names. */
export const maskSecrets = (text: string): string => maskText(text, secrets());

/** Data without tokens, and without the values of secret names, wherever they stand in it. */
export const safeValue = <T>(value: T): T => maskValue(value, secrets(), 0) as T;

/** Headers whose values say who somebody is. */
export const isSecretHeader = (name: string): boolean =>
  isSecret(name) || /^(authorization|proxy-authorization|cookie|set-cookie|x-simple-auth-hash)$/i.test(name);

/** A header without what is secret in it: the scheme of an authorization stays. */
const safeHeader = ([name, value]: Header): Header => {
  if (!isSecretHeader(name)) return [name, maskSecrets(value)];
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  return [name, scheme ? `${scheme} ${MASK}` : MASK];
};

/** A request with what `sent` and `told` leave of the texts that were sent, and of those that came back. */
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

/** A request without what is secret in it. */
export function safeRecord(record: RequestRecord): RequestRecord {
  const [sent, told] = [secrets(isAboutAccount(record)), secrets()];
  return maskRecord(
    record,
    safeHeader,
    (text) => maskText(text, sent),
    (text) => maskText(text, told),
  );
}

/** Basic authorization is name and password in base64 (RFC 7617), whatever header it stands in. */
const BASIC = /^\s*Basic\s+\S/i;
/** A header without passwords; `null` where it has none by its name or scheme. */
export const withoutPassword = ([name, value]: Header): Header | null =>
  isPassword(name) ? [name, MASK] : BASIC.test(value) ? [name, `Basic ${MASK}`] : null;

/** A request without passwords, taken out as soon as it is seen, wherever they come back in it and in whatever encoding. Tokens stay. */
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
  // A place may be anybody's word: that goes for bodies, too, that are an address.
  const sentWithout = (text: string): string => {
    const query = /^[a-z]+:\/\//i.test(text) ? text.search(/[?#]|$/) : 0;
    return text.slice(0, query) + without(text.slice(query));
  };
  return maskRecord(made, ([name, value]) => [name, without(value)], sentWithout, without);
}
