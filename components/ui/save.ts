/** Has the browser save a text as a file. */
export function saveText(text: string, name: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Gives the browser time to read the blob.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
