/** JSON-like data with no accessors, no prototypes and bounded size: the only kind of data that leaves a page. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };
