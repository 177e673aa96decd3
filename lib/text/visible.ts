/** Makes text from a page safe to show: nothing in it is invisible or reorders the text around it. Pure. */

/**
 * Characters that are invisible or move other text: controls, formats (zero-width, bidirectional, tags), lone surrogates,
 * separators, fillers and variation selectors. Does not match tabs, line breaks and joiners within emoji.
 */
const UNSEEN =
  /(?![\t\n]|(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d)(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u{e0100}-\u{e01ef}])/gu;

/** `text` with each such character replaced by its code point, such as `⟨U+200B⟩`; line breaks and tabs stay. */
export const visible = (text: string): string =>
  text.replace(UNSEEN, (char) => `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
