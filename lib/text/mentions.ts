/**
 * Whether a text within a JSON value contains a word; names and numbers aren't searched. Stops at the first, and joins nothing:
 * a filter goes through 100,000 entries. @param word in lower case
 */
export function mentions(value: unknown, word: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(word);
  return typeof value === 'object' && value !== null && within(value as Readonly<Record<string, unknown>>, word);
}

function within(value: Readonly<Record<string, unknown>>, word: string): boolean {
  for (const name in value) {
    const part = value[name];
    if (typeof part === 'string') {
      if (part.toLowerCase().includes(word)) return true;
    } else if (typeof part === 'object' && part !== null && within(part as Readonly<Record<string, unknown>>, word)) return true;
  }
  return false;
}

/** Adds the texts within a JSON value in which `mentions` looks. */
export function addTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const name in value) addTexts((value as Readonly<Record<string, unknown>>)[name], texts);
}
