// What each encoding of the table writes: the other tests encode by the table itself, and would not notice a wrong one.
import { expect, it } from 'vitest';
import { ENCODINGS } from '@/lib/redaction/encodings';

const TEXT = '\u017bo "5" >>>~~?';
/** It in each encoding, in the order of the table. */
const WRITTEN: readonly (readonly [name: string, text: string])[] = [
  ['as it is', '\u017bo "5" >>>~~?'],
  ['capital letters', '\u017bO "5" >>>~~?'],
  ['small letters', '\u017co "5" >>>~~?'],
  ['reversed', '?~~>>> "5" o\u017b'],
  ['JSON', '\u017bo \\"5\\" >>>~~?'],
  ['JSON in JSON, 2 deep', '\u017bo \\\\\\"5\\\\\\" >>>~~?'],
  ['JSON in JSON, 3 deep', '\u017bo \\\\\\\\\\\\\\"5\\\\\\\\\\\\\\" >>>~~?'],
  ['JSON in JSON, 4 deep', '\u017bo \\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"5\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\" >>>~~?'],
  [
    'JSON in JSON, 5 deep',
    '\u017bo \\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"5\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\" >>>~~?',
  ],
  ['percent signs', '%C5%BBo%20%225%22%20%3E%3E%3E~~%3F'],
  ['percent signs, of every byte', '%C5%BB%6F%20%22%35%22%20%3E%3E%3E%7E%7E%3F'],
  ['percent signs, small hex', '%c5%bb%6f%20%22%35%22%20%3e%3e%3e%7e%7e%3f'],
  ['percent signs, twice', '%25c5%25bb%256f%2520%2522%2535%2522%2520%253e%253e%253e%257e%257e%253f'],
  ['a form, with plus signs', '%C5%BBo+%225%22+%3E%3E%3E~~%3F'],
  ['HTML references, decimal', '&#379;&#111;&#32;&#34;&#53;&#34;&#32;&#62;&#62;&#62;&#126;&#126;&#63;'],
  ['HTML references, hex', '&#x17b;&#x6f;&#x20;&#x22;&#x35;&#x22;&#x20;&#x3e;&#x3e;&#x3e;&#x7e;&#x7e;&#x3f;'],
  ['`\\u` escapes', '\\u017b\\u006f\\u0020\\u0022\\u0035\\u0022\\u0020\\u003e\\u003e\\u003e\\u007e\\u007e\\u003f'],
  ['`\\x` escapes', '\\u017b\\x6f\\x20\\x22\\x35\\x22\\x20\\x3e\\x3e\\x3e\\x7e\\x7e\\x3f'],
  ['base64', 'xbtvICI1IiA+Pj5+fj8='],
  ['base64 without padding', 'xbtvICI1IiA+Pj5+fj8'],
  ['base64url', 'xbtvICI1IiA-Pj5-fj8='],
  ['base64url without padding', 'xbtvICI1IiA-Pj5-fj8'],
  ['base64 of a larger text, 0 bytes in', 'xbtvICI1IiA+Pj5+fj8gYW5kIG1vcmU='],
  ['base64 of a larger text, 1 bytes in', 'IMW7byAiNSIgPj4+fn4/IGFuZCBtb3Jl'],
  ['base64 of a larger text, 2 bytes in', 'ICDFu28gIjUiID4+Pn5+PyBhbmQgbW9yZQ=='],
  ['base64 of base64', 'eGJ0dklDSTFJaUErUGo1K2ZqOD0='],
  ['base64 in lines of 64', 'xbtvICI1IiA+Pj5+fj8='],
  ['base64 in lines of 76', 'xbtvICI1IiA+Pj5+fj8='],
  ['base64 of UTF-16, low byte first', 'ewFvACAAIgA1ACIAIAA+AD4APgB+AH4APwA='],
  ['base64 of UTF-16, high byte first', 'AXsAbwAgACIANQAiACAAPgA+AD4AfgB+AD8='],
  ['base32', 'YW5W6IBCGURCAPR6HZ7H4PY='],
  ['base32, small letters without padding', 'yw5w6ibcgurcapr6hz7h4py'],
  ['hex', 'c5bb6f20223522203e3e3e7e7e3f'],
  ['hex, capital letters', 'C5BB6F20223522203E3E3E7E7E3F'],
  ['hex of UTF-16, low byte first', '7b016f00200022003500220020003e003e003e007e007e003f00'],
  ['hex of UTF-16, high byte first', '017b006f00200022003500220020003e003e003e007e007e003f'],
  ['hex with spaces', 'c5 bb 6f 20 22 35 22 20 3e 3e 3e 7e 7e 3f'],
  ['hex with colons', 'c5:bb:6f:20:22:35:22:20:3e:3e:3e:7e:7e:3f'],
  ['a list of `0x` bytes', '0xc5, 0xbb, 0x6f, 0x20, 0x22, 0x35, 0x22, 0x20, 0x3e, 0x3e, 0x3e, 0x7e, 0x7e, 0x3f'],
  ['hex with `\\x`, of every byte', '\\xc5\\xbb\\x6f\\x20\\x22\\x35\\x22\\x20\\x3e\\x3e\\x3e\\x7e\\x7e\\x3f'],
  ['a list of bytes', '[197,187,111,32,34,53,34,32,62,62,62,126,126,63]'],
  ['bytes with spaces', '197 187 111 32 34 53 34 32 62 62 62 126 126 63'],
  ['a list of character codes', '379, 111, 32, 34, 53, 34, 32, 62, 62, 62, 126, 126, 63'],
  ['a typed array in JSON', '{"0":197,"1":187,"2":111,"3":32,"4":34,"5":53,"6":34,"7":32,"8":62,"9":62,"10":62,"11":126,"12":126,"13":63}'],
  ['zero-width letters between', '\u017b\u200bo\u200b \u200b"\u200b5\u200b"\u200b \u200b>\u200b>\u200b>\u200b~\u200b~\u200b?'],
  ['soft hyphens between', '\u017b\u00ado\u00ad \u00ad"\u00ad5\u00ad"\u00ad \u00ad>\u00ad>\u00ad>\u00ad~\u00ad~\u00ad?'],
  ['marks of direction between', '\u017b\u202eo\u202e \u202e"\u202e5\u202e"\u202e \u202e>\u202e>\u202e>\u202e~\u202e~\u202e?'],
  ['full-width letters', '\u017b\uff4f \uff02\uff15\uff02 \uff1e\uff1e\uff1e\uff5e\uff5e\uff1f'],
  ['letters apart from their marks (NFD)', 'Z\u0307o "5" >>>~~?'],
  ['letters in their common form (NFKC)', '\u017bo "5" >>>~~?'],
  ['quoted-printable', '=C5=BB=6F=20=22=35=22=20=3E=3E=3E=7E=7E=3F'],
  ['quoted-printable in lines', '=C5=BB=6F=20=22=35=22=20=3E=3E=3E=7E=7E=3F'],
];

it('each encoding writes a text in its own way', () => {
  expect(ENCODINGS.map(({ name, write }) => [name, write(TEXT)])).toEqual(WRITTEN);
});
