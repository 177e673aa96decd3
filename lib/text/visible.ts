/** Text of a page on the screen: nothing in it hides, and nothing turns the text around it. Pure. */

/**
 * What a reader does not see, or what moves other text: controls, formats (zero-width, bidirectional, tags), halves of
 * characters, separators, fillers and selectors. Tabs and line breaks stay, and what joins emoji.
 */
const UNSEEN =
  /(?![\t\n]|(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d)(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u{e0100}-\u{e01ef}])/gu;

/** `text` with each such character as its code point, such as `⟨U+200B⟩`; line breaks and tabs stay. */
export const visible = (text: string): string =>
  text.replace(UNSEEN, (char) => `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
