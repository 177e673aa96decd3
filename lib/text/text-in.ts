/** All texts within a JSON value, separated by spaces; no names and no numbers. For searching, where the names in JSON would be found too. */
export function textIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
  let text = '';
  for (const name in value) {
    const part: unknown = Reflect.get(value, name);
    if (typeof part === 'string') text += ` ${part}`;
    else if (typeof part === 'object' && part !== null) text += textIn(part);
  }
  return text;
}
