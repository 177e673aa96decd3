/** A count with its noun, such as `3 requests`. @param several the plural, if it isn't formed with an s */
export const count = (many: number, one: string, several = `${one}s`): string =>
  `${many.toLocaleString('en')} ${many === 1 ? one : several}`;
