// Whether a value mentions a word, for searching.
import { describe, expect, it } from 'vitest';
import { addTexts, mentions } from '@/lib/text/mentions';

describe('a value mentions', () => {
  const entry = { kind: 'uuid', at: 5, cause: { kind: 'call', by: 'signIn' }, other: ['a "Quoted" one', { deep: 'down' }] };

  it.each(['uuid', 'call', 'signin', 'ignin', '"quoted"', 'one', 'down'])('%s, at whatever depth and in whatever case', (word) =>
    expect(mentions(entry, word)).toBe(true));

  it.each(['cause', 'deep', '5', 'uuid call', 'missing'])('not %s: a name, a number, across texts, or nowhere', (word) =>
    expect(mentions(entry, word)).toBe(false));

  it.each([
    ['Text', true],
    [null, false],
    [undefined, false],
    [7, false],
  ])('a word or not if it is %j alone', (value, is) => {
    expect(mentions(value, 'text')).toBe(is);
  });
});

it.each([
  [{ kind: 'uuid', at: 5, cause: { by: ['signIn', null] }, is: true }, ['uuid', 'signIn']],
  ['alone', ['alone']],
  [null, []],
  [undefined, []],
  [7, []],
])('the texts of %j are those in which words are looked for', (value, texts) => {
  const added: string[] = [];
  addTexts(value, added);
  expect(added).toEqual(texts);
});
