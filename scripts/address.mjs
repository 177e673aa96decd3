import { SetupError } from './setup.mjs';

/** A web address as a person types it. @param {string} text @returns {string} */
export function addressOf(text) {
  // `localhost:3000` would parse as an address of the scheme `localhost`.
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new SetupError(`${text} is no web address: give one such as https://shop.example/.`);
  return url.href;
}
