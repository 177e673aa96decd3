// Escapes untrusted text, such as a page's, for a terminal, so that it can't add lines, move the cursor or hide anything.

/** Control characters, invisible characters, and characters that change the text direction. */
const UNSEEN = /(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u{e0100}-\u{e01ef}])/gu;

/** @param {string} char */
const escaped = (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** One line, with each such character escaped, for example as `\u{1b}`. @param {unknown} text */
export const onTerminal = (text) =>
  String(text)
    .replace(/[\t\n\r]+/g, ' ')
    .replace(UNSEEN, escaped);

/** Escapes each of our own lines, which may contain a page's text, and keeps the line breaks. @param {unknown} text */
export const linesOnTerminal = (text) => String(text).split('\n').map(onTerminal).join('\n');

/** Equivalent JSON, with such characters escaped. @param {string} json */
export const jsonOnTerminal = (json) =>
  json.replace(UNSEEN, (char) =>
    char === '\n' ? char : [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
