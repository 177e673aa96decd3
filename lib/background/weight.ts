const encoder = new TextEncoder();

/** How many bytes a value takes in `storage.session`, which keeps it as JSON text. @param value JSON */
export const weightOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;
