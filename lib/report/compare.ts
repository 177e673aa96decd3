/** Two moments side by side: of one session, of two tabs, of two reports. Pure. */
import type { Case } from '../diagnostics/case';
import { isRecord } from '../page/plain';
import { traitsOf } from '../sdk/dialects/names';
import type { Plain } from '../sdk/plain-data';
import type { HistoryEntry } from '../session/history/history';
import { parseCookie } from '../web/cookies';
import { placeOf, type SecretKind } from './secrecy';

/** What is known at one moment. */
export interface Fields {
  readonly values: ReadonlyMap<string, string>;
  /** Groups of which all is known: a field of theirs that is not there was not there. Of others it is not known. */
  readonly whole: ReadonlySet<string>;
}

export interface Difference {
  /** `Token: expires`: the part before the colon groups fields. */
  readonly field: string;
  /** `null`: not there on this side, or not known. */
  readonly left: string | null;
  readonly right: string | null;
  /** `unknown`: one of the sides does not say. */
  readonly state: 'differs' | 'same' | 'unknown';
}

const NONE = 'none';
const instant = (at: number | null): string => (at === null ? 'not known' : new Date(at).toISOString());
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** All that is known of a session at the time of its case. */
export function fieldsOf({ phase, site, origin, path, sdk, customer, identity, token, tokenTrouble, account, previousUuid }: Case): Fields {
  const fields = new Map<string, string>();
  const put = (field: string, value: string | null | undefined) => value != null && fields.set(field, value);
  put('Page: site', site ?? origin);
  put('Page: address', path);
  put('SDK: dialect', sdk && traitsOf(sdk.dialect).label);
  put('SDK: place', sdk?.place);
  put('SDK: version', sdk?.version);
  put('Customer: identity', identity);
  put('Customer: UUID', customer?.uuid);
  put('Customer: UUID before', previousUuid);
  for (const [name, value] of Object.entries(customer?.facts ?? {})) put(`Customer: ${name}`, textOf(value));
  if (customer) {
    put('Token: fingerprint', token?.fingerprint ?? NONE);
    put('Token: trouble', tokenTrouble?.message);
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

/** Cookies field by field; of several of one name each with its number. */
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

/** What the entries of a session tell of the moment at which one of them was noted. */
export function fieldsAt(entries: readonly HistoryEntry[], { at, nth }: Pick<HistoryEntry, 'at' | 'nth'>): Fields {
  const fields = new Map<string, string>();
  const own = entries.filter((entry) => entry.nth === nth);
  for (const entry of own) {
    if (entry.at > at) continue;
    if (entry.kind === 'document') fields.set('Page: address', entry.path);
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
  // What came first is told by the change that followed it.
  const next = own.find((entry) => entry.kind === 'identity' && entry.at > at);
  if (!fields.has('Customer: identity') && next?.kind === 'identity') fields.set('Customer: identity', next.before);
  return { values: fields, whole: new Set() };
}

const ORDER: readonly Difference['state'][] = ['differs', 'same', 'unknown'];

/** The history has long values cut. */
const isSame = (one: string, other: string): boolean =>
  one === other || (one.endsWith('…') && other.startsWith(one.slice(0, -1))) || (other.endsWith('…') && one.startsWith(other.slice(0, -1)));
const knows = ({ values, whole }: Fields, field: string): boolean => values.has(field) || whole.has(field.split(':')[0] ?? '');

/** The fields of both sides, differences first, and last what one of them does not say. @param secret kinds of which the sides do not tell */
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
