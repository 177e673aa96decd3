/** What the native SDKs share: paths, the names of methods that change the session, and how their bindings are made. */
import type { ChangeName } from '../changes';
import type { Binding, Convention, DialectTable, Path, TokenPaths } from './dialect';

type Native = Extract<Binding, { kind: 'native' }>;
/** A binding as most of the native SDKs have it: its method has the operation's name and the SDK's convention, unless the row says otherwise. */
export type Row = Omit<Native, 'kind' | 'method' | 'convention'> & Partial<Pick<Native, 'method' | 'convention'>>;

/** Paths in the `Token` of React Native, Flutter and iOS (facts §1.5). */
export const TOKEN_FIELDS: TokenPaths = {
  raw: 'tokenString',
  expiresAt: 'expirationDate',
  origin: 'origin',
  realm: 'rlm',
  clientId: 'clientId',
  customId: 'customId',
};

/** The customer getters of the same three SDKs (facts §1.1). */
export const CUSTOMER_GETTERS: DialectTable['samples'] = {
  uuid: 'getUUID()',
  signedIn: 'isSignedIn()',
  simpleAuth: 'isSignedInViaSimpleAuthentication()',
};

/** Whether Do Not Track is on; switching it on sets a random UUID (facts §2.1). */
export const doNotTrack = (settings: Path): Readonly<Record<string, Path>> => ({ doNotTrack: `^Synerise.${settings}.sdk.doNotTrack` });

/** Methods that change the workspace, in all four native SDKs (facts §2.2); the second is the name in older ones (facts §8). */
export const CHANGES_WORKSPACE = {
  '^Synerise.changeApiKey': 'changeApiKey',
  '^Synerise.changeClientApiKey': 'changeClientApiKey',
} as const;

/** Methods that change the customer's identifiers (facts §8). @param tracker path to the class */
export const knownAs = (tracker: Path) =>
  ({ [`${tracker}.setCustomIdentifier`]: 'setCustomIdentifier', [`${tracker}.setCustomEmail`]: 'setCustomEmail' }) as const;

/** Methods that change the session and are reported by their own name. */
export const byOwnName = <Name extends ChangeName>(...methods: readonly Name[]): Readonly<Record<Name, Name>> =>
  Object.fromEntries(methods.map((method) => [method, method])) as Record<Name, Name>;

/** One SDK's bindings. @param shared the rows as in most SDKs @param own what is different in this one: other values for some fields, another binding, or why there is none */
export function nativeBindings<Name extends string>(
  shared: Readonly<Record<Name, Row>>,
  convention: Convention,
  own: Readonly<Partial<Record<Name, Partial<Row> | Binding | string>>>,
): Readonly<Record<Name, Binding>> {
  const bindings = (Object.entries(shared) as [Name, Row][]).map(([name, row]): [string, Binding] => {
    const override: Partial<Row> | Binding | string | undefined = own[name];
    if (typeof override === 'string') return [name, { kind: 'unavailable', reason: override }];
    if (override && 'kind' in override) return [name, override];
    return [name, { kind: 'native', method: name, convention, ...row, ...override }];
  });
  return Object.fromEntries(bindings) as Readonly<Record<Name, Binding>>;
}
