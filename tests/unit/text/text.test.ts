// Page text made safe for the screen and for a terminal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '@/lib/text/visible';
import { jsonOnTerminal, linesOnTerminal, onTerminal } from '../../../scripts/terminal.mjs';
import { anyChar } from '../any-char';

/** Characters that are invisible or move other text, by Unicode category. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u{e0100}-\u{e01ef}]/u;
const NAMES: [string, string][] = [
  ['zero-width space', '\u200b'],
  ['zero-width non-joiner', '\u200c'],
  ['zero-width joiner', '\u200d'],
  ['word joiner', '\u2060'],
  ['byte order mark', '\ufeff'],
  ['soft hyphen', '\u00ad'],
  ['right-to-left override', '\u202e'],
  ['left-to-right isolate', '\u2066'],
  ['Arabic letter mark', '\u061c'],
  ['escape', '\u001b'],
  ['NUL', '\u0000'],
  ['C1 control sequence introducer', '\u009b'],
  ['line separator', '\u2028'],
  ['Hangul filler', '\u3164'],
  ['tag letter', '\u{e0041}'],
];

describe('visible', () => {
  it.each(NAMES)('shows a %s within a UUID', (_name, char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    expect(visible(`6e5b${char}b58e`)).toBe(`6e5b⟨U+${code}⟩b58e`);
  });

  it.each(['Łódź 😀', '👩‍👩‍👧', '❤️', '👋🏽‍♀️', 'שלום', 'a\tb\nc', '', '⟨U+200B⟩'])('leaves %j unchanged', (text) => {
    expect(visible(text)).toBe(text);
  });

  it('shows half a surrogate pair', () => {
    expect(visible('a\ud83d')).toBe('a⟨U+D83D⟩');
    expect(visible('\ude00b')).toBe('⟨U+DE00⟩b');
  });

  it('leaves no invisible character in any text', () => {
    const char = fc.oneof(fc.string({ unit: anyChar, maxLength: 3 }), fc.constantFrom(...NAMES.map(([, one]) => one)));
    fc.assert(
      fc.property(fc.array(char, { maxLength: 10 }), (chars) => {
        const left = visible(chars.join(''))
          .replace(/[\t\n]/g, '')
          .replace(/(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d/gu, '');
        const found = [...left].filter((one) => UNSEEN.test(one));
        expect(found).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('onTerminal', () => {
  it.each(NAMES)('escapes a %s', (_name, char) => {
    expect(onTerminal(`a${char}b`)).toBe(`a\\u{${(char.codePointAt(0) ?? 0).toString(16)}}b`);
  });

  it('lets text neither forge nor hide a line', () => {
    expect(onTerminal('Site\r\nUUID  forged\x1b[1A\x1b[2K')).toBe('Site UUID  forged\\u{1b}[1A\\u{1b}[2K');
    expect(linesOnTerminal('one\ntwo\x1b[31m')).toBe('one\ntwo\\u{1b}[31m');
  });

  it('keeps the meaning of JSON and escapes its control characters', () => {
    const value = NAMES.map(([, char]) => `a${char}b`);
    const printed = jsonOnTerminal(JSON.stringify(value, null, 2));
    expect(JSON.parse(printed)).toEqual(value);
    expect(printed.replaceAll('\n', '')).not.toMatch(UNSEEN);
  });
});
