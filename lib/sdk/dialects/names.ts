/** The dialects, the shapes of a Synerise SDK on a page: their names, and their traits besides methods. */

/** For views, causes and rules; pages don't get it. Separate from the tables, which the popup loads only when it shows operations. */
export interface Traits {
  readonly label: string;
  /** A snippet loads it into pages as a separate script (facts §3.1), and no app hands it over. */
  readonly onWeb: boolean;
  /** Who issues and renews the customer's token: the SDK with its backend, or the site that uses it (facts §3.2). */
  readonly tokenBy: 'sdk' | 'site';
  /** The algorithm that its tokens are signed with (facts §2.5). */
  readonly signedBy: 'RS256' | 'RS512';
  /** It passes calls to an app's SDK elsewhere: a page that has it knows neither the customer nor a token (facts §8). */
  readonly isBridge?: true;
  /** A sentence on how `null` gets lost on the way to the app. */
  readonly dropsNull?: string;
  /** A clause on instants that are too large by a factor of 1000. */
  readonly misreadsTime?: string;
}

const NATIVE = { onWeb: false, tokenBy: 'sdk', signedBy: 'RS512' } as const;

const DIALECTS = {
  'react-native': {
    ...NATIVE,
    label: 'React Native',
    dropsNull: 'On iOS, the React Native bridge drops null values.',
    misreadsTime: 'on Android, React Native reads milliseconds as seconds',
  },
  flutter: { ...NATIVE, label: 'Flutter' },
  ios: { ...NATIVE, label: 'iOS' },
  android: { ...NATIVE, label: 'Android' },
  'in-app': { ...NATIVE, label: 'In-app message', isBridge: true },
  web: { label: 'Web SDK', onWeb: true, tokenBy: 'site', signedBy: 'RS256' },
} as const satisfies Record<string, Traits>;

export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** The traits of a dialect. */
export const traitsOf = (name: DialectName): Traits => DIALECTS[name];
