/** Has the browser save a text as a file. */
export function saveText(text: string, name: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read it by the end of this turn's tasks.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
