// The SDK dialects that the sandbox speaks. No dependencies: `npm start` reads it before they are installed.
export const DIALECTS = /** @type {const} */ (['react-native', 'flutter', 'ios', 'android', 'web']);

/** @param {string} name @returns {name is typeof DIALECTS[number]} */
export const isDialect = (name) => /** @type {readonly string[]} */ (DIALECTS).includes(name);
