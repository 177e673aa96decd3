// The SDK dialects of the sandbox. This file has no dependencies, because `npm start` loads it before they are installed.
export const DIALECTS = /** @type {const} */ (['react-native', 'flutter', 'ios', 'android', 'web']);

/** @param {string} name @returns {name is typeof DIALECTS[number]} */
export const isDialect = (name) => /** @type {readonly string[]} */ (DIALECTS).includes(name);
