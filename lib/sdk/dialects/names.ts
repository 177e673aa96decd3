/** The shapes in which a Synerise SDK stands on a page: their names, and what sets each apart beside its methods. */

/** For views, causes and rules; pages are not given it. Apart from the tables, which the popup loads only when it shows operations. */
export interface Traits {
  readonly label: string;
  /** It is brought into pages by a snippet with a script of its own (facts §3.1), and no app hands it over. */
  readonly onWeb: boolean;
  /** Who gives the customer's token, and renews it: the SDK with its backend, or the site that uses it (facts §3.2). */
  readonly tokenBy: 'sdk' | 'site';
  /** The algorithm that its tokens are signed with (facts §2.5). */
  readonly signedBy: 'RS256' | 'RS512';
  /** A sentence on what becomes of `null` on the way to the app. */
  readonly dropsNull?: string;
  /** Half a sentence on instants that are 1000 times too far. */
  readonly misreadsTime?: string;
}

const NATIVE = { onWeb: false, tokenBy: 'sdk', signedBy: 'RS512' } as const;

const DIALECTS = {
  'react-native': {
    ...NATIVE,
    label: 'React Native',
    dropsNull: 'On iOS the bridge of React Native leaves out whatever is null.',
    misreadsTime: 'on Android, React Native takes milliseconds for seconds',
  },
  flutter: { ...NATIVE, label: 'Flutter' },
  ios: { ...NATIVE, label: 'iOS' },
  android: { ...NATIVE, label: 'Android' },
  web: { label: 'Web SDK', onWeb: true, tokenBy: 'site', signedBy: 'RS256' },
} as const satisfies Record<string, Traits>;

export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** What sets the SDK of a dialect apart. */
export const traitsOf = (name: DialectName): Traits => DIALECTS[name];
