/** A number of things in words: `3 requests`. @param several where an s would not do */
export const count = (many: number, one: string, several = `${one}s`): string =>
  `${many.toLocaleString('en')} ${many === 1 ? one : several}`;
