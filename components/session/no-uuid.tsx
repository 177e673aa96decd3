/** In place of a UUID that isn't known: why. @param trouble why it couldn't be read; `null` if it wasn't read yet @param isCut for a single line */
export function NoUuid({ trouble, isCut = false }: { trouble: string | null; isCut?: boolean }) {
  const cut = isCut ? ' cut-off' : '';
  if (trouble === null) return <span class={`quiet${cut}`}>Reading UUID…</span>;
  const words = trouble === 'empty' ? 'No UUID: the SDK may not be initialized yet.' : `Can’t read UUID: ${trouble}`;
  return (
    <span class={`trouble${cut}`} title={isCut ? words : undefined}>
      {words}
    </span>
  );
}
