/** The shapes in which a Synerise SDK stands on a page. */
export const DIALECT_NAMES = ['react-native', 'flutter', 'ios', 'android', 'web'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];
export const DIALECT_LABELS: Readonly<Record<DialectName, string>> = {
  'react-native': 'React Native',
  flutter: 'Flutter',
  ios: 'iOS',
  android: 'Android',
  web: 'Web SDK',
};
