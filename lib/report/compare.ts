/** Compares two moments: of one session, of two tabs, or of two reports. Pure. */
import type { Case } from '../diagnostics/case';
import { isRecord } from '../page/plain';
import { traitsOf } from '../sdk/dialects/names';
import type { Plain } from '../sdk/plain-data';
import type { HistoryEntry } from '../session/history/history';
import { parseCookie } from '../web/cookies';
import { placeOf, type SecretKind } from './secrecy';

/** The fields known at one moment. */
export interface Fields {
  readonly values: ReadonlyMap<string, string>;
  /** Groups that are known completely: a field missing from them didn't exist. In other groups, a missing field is unknown. */
  readonly whole: ReadonlySet<string>;
}

export interface Difference {
  /** For example `Token: expires`: the part before the colon is the group. */
  readonly field: string;
  /** `null`: absent on this side, or unknown. */
  readonly left: string | null;
  readonly right: string | null;
  /** `unknown`: at least one side has no information. */
  readonly state: 'differs' | 'same' | 'unknown';
}

/** The fields whose value is an instant, in ISO 8601 and UTC. */
export const INSTANT_FIELDS: ReadonlySet<string> = new Set(['Token: created', 'Token: expires']);

const NONE = 'none';
const instant = (at: number | null): string => (at === null ? 'unknown' : new Date(at).toISOString());
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Everything known about a session at the time of its case. */
export function fieldsOf({ phase, site, origin, path, sdk, customer, identity, token, tokenTrouble, account, previousUuid }: Case): Fields {
  const fields = new Map<string, string>();
  const put = (field: string, value: string | null | undefined) => value != null && fields.set(field, value);
  put('Page: site', site ?? origin);
  put('Page: URL', path);
  put('SDK: dialect', sdk && traitsOf(sdk.dialect).label);
  put('SDK: place', sdk?.place);
  put('SDK: version', sdk?.version);
  put('Customer: identity', identity);
  put('Customer: UUID', customer?.uuid);
  put('Customer: previous UUID', previousUuid);
  for (const [name, value] of Object.entries(customer?.facts ?? {})) put(`Customer: ${name}`, textOf(value));
  if (customer) {
    put('Token: fingerprint', token?.fingerprint ?? NONE);
    put('Token: error', tokenTrouble?.message);
  }
  if (token) {
    put('Token: origin', token.origin ?? NONE);
    put('Token: realm', token.realm);
    put('Token: created', instant(token.createdAt));
    put('Token: expires', instant(token.expiresAt));
    for (const [part, claims] of [
      ['header', token.header],
      ['claim', token.claims],
    ] as const)
      for (const [name, value] of Object.entries(claims ?? {})) put(`Token: ${part} ${name}`, textOf(value));
  }
  for (const [name, value] of cookieFields(customer?.cookies ?? [])) put(name, value);
  for (const pair of customer?.stored ?? []) put(`Web Storage: ${pair.split('=')[0]}`, pair.slice(pair.indexOf('=') + 1));
  for (const [name, value] of Object.entries(account?.value ?? {})) if (!isRecord(value)) put(`Account: ${name}`, textOf(value as Plain));
  const isTokenKnown = customer !== null && (token !== null || tokenTrouble === null);
  const whole = [
    ...(phase === 'attached' || phase === 'absent' ? ['Page', 'SDK'] : []),
    ...(customer || phase === 'absent' ? ['Customer', 'Cookies', 'Web Storage'] : []),
    ...(isTokenKnown ? ['Token'] : []),
    ...(account ? ['Account'] : []),
  ];
  return { values: fields, whole: new Set(whole) };
}

/** Cookies, field by field; repeated names are numbered. */
function cookieFields(cookies: readonly string[]): [string, string][] {
  const seen = new Map<string, number>();
  return cookies.flatMap((pair) => {
    const { name, form, fields, raw } = parseCookie(pair);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const label = `Cookies: ${name}${times > 1 ? ` (${times})` : ''}`;
    if (form === 'text') return [[label, raw] as [string, string]];
    return fields.map(({ key, value }): [string, string] => [`${label} ${key}`, value ?? '']);
  });
}

/** The fields known from a session's entries at the time of one of them. */
export function fieldsAt(entries: readonly HistoryEntry[], { at, nth }: Pick<HistoryEntry, 'at' | 'nth'>): Fields {
  const fields = new Map<string, string>();
  const own = entries.filter((entry) => entry.nth === nth);
  for (const entry of own) {
    if (entry.at > at) continue;
    if (entry.kind === 'document') fields.set('Page: URL', entry.path);
    else if (entry.kind === 'uuid') fields.set('Customer: UUID', entry.uuid);
    else if (entry.kind === 'identity') fields.set('Customer: identity', entry.identity);
    else if (entry.kind === 'storage') {
      const place = entry.area === 'cookie' ? `Cookies: ${entry.name}` : `Web Storage: ${entry.area}:${entry.name}`;
      for (const field of fields.keys()) if (field === place || field.startsWith(`${place} `)) fields.delete(field);
      if (entry.value === null) continue;
      for (const [field, value] of entry.area === 'cookie'
        ? cookieFields([`${entry.name}=${entry.value}`])
        : [[place, entry.value] as const])
        fields.set(field, value);
    } else if (entry.kind === 'token') {
      fields.set('Token: fingerprint', entry.fingerprint || NONE);
      for (const [name, value] of [
        ['origin', entry.origin ?? NONE],
        ['created', instant(entry.createdAt)],
        ['expires', instant(entry.expiresAt)],
        ['claim uuid', entry.uuid],
      ] as const) {
        if (entry.fingerprint === '' || value === null) fields.delete(`Token: ${name}`);
        else fields.set(`Token: ${name}`, value);
      }
    }
  }
  // The first identity has no entry: take it from the change that followed.
  const next = own.find((entry) => entry.kind === 'identity' && entry.at > at);
  if (!fields.has('Customer: identity') && next?.kind === 'identity') fields.set('Customer: identity', next.before);
  return { values: fields, whole: new Set() };
}

const ORDER: readonly Difference['state'][] = ['differs', 'same', 'unknown'];

/** Long values are truncated in the history. */
const isSame = (one: string, other: string): boolean =>
  one === other || (one.endsWith('…') && other.startsWith(one.slice(0, -1))) || (other.endsWith('…') && one.startsWith(other.slice(0, -1)));
const knows = ({ values, whole }: Fields, field: string): boolean => values.has(field) || whole.has(field.split(':')[0] ?? '');

/** The fields of both sides: differences first, unknown ones last. @param secret kinds of secrets that can't be compared */
export function compare(left: Fields, right: Fields, secret: readonly SecretKind[] = []): Difference[] {
  const isTold = (field: string, value: string | null) =>
    value === null || !placeOf(value, /hash/i.test(field)).some((kind) => secret.includes(kind));
  const names = [...new Set([...left.values.keys(), ...right.values.keys()])];
  return names
    .map((field): Difference => {
      const [one, other] = [left.values.get(field) ?? null, right.values.get(field) ?? null];
      const state =
        !knows(left, field) || !knows(right, field) || !isTold(field, one) || !isTold(field, other)
          ? 'unknown'
          : one !== null && other !== null && isSame(one, other)
            ? 'same'
            : 'differs';
      return { field, left: one, right: other, state };
    })
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}
