import { SetupError } from './setup.mjs';

/** Normalizes a URL as a user types it. @param {string} text @returns {string} @throws {SetupError} if it isn't an HTTP(S) URL */
export function addressOf(text) {
  // On its own, `localhost:3000` would parse as a URL with the scheme `localhost`.
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new SetupError(`${text} isn't a valid URL. Enter one such as https://shop.example/.`);
  return url.href;
}
