/** A registered symbol; the key itself if the page replaced `Symbol`. `callAgent` does the same. */
export function symbolOf(key: string): PropertyKey {
  try {
    const symbol = Symbol.for(key);
    return typeof symbol === 'symbol' ? symbol : key;
  } catch {
    return key;
  }
}
