// Text of a page, or of anybody else, on a terminal: it writes one line, moves no cursor and hides nothing.

/** What a terminal obeys, and what a reader does not see or what turns other text around. */
const UNSEEN = /(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u{e0100}-\u{e01ef}])/gu;

/** @param {string} char */
const escaped = (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** One line, with each such character as an escape such as `\u{1b}`. @param {unknown} text */
export const onTerminal = (text) =>
  String(text)
    .replace(/[\t\n\r]+/g, ' ')
    .replace(UNSEEN, escaped);

/** Lines of our own, each of which may hold a page's text. @param {unknown} text */
export const linesOnTerminal = (text) => String(text).split('\n').map(onTerminal).join('\n');

/** JSON that means the same, with what a terminal obeys as escapes. @param {string} json */
export const jsonOnTerminal = (json) =>
  json.replace(UNSEEN, (char) =>
    char === '\n' ? char : [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
