/** In place of a UUID that isn't known: why. @param trouble why it couldn't be read; `null` if it wasn't read yet */
export function NoUuid({ trouble }: { trouble: string | null }) {
  if (trouble === null) return <span class="quiet">Reading UUID…</span>;
  return (
    <span class="trouble">{trouble === 'empty' ? 'No UUID: the SDK may not be initialized yet.' : `Can’t read UUID: ${trouble}`}</span>
  );
}
