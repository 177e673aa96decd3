/** Opens a line of a source file in DevTools, where the browser can; `line` counts from 1. */
export type OpenSource = (url: string, line: number) => void;

let open: OpenSource | null = null;
/** Called before the first render by a panel inside DevTools that can open files. */
export const offerSources = (opener: OpenSource): void => {
  open = opener;
};

/** The URL and line in a stack line, such as `at pay (https://shop.example/shop.js:112:7)` or Firefox's `pay@https://…:112:7`. */
export function placeOf(site: string): { url: string; line: number; name: string } | null {
  const [, url, line] = /(https?:\/\/[^\s()]+?):(\d+)(?::\d+)?\)?$/.exec(site) ?? [];
  if (!url || !line) return null;
  const file = url
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  return { url, line: Number(line), name: `${file || url}:${line}` };
}

/** `shop.js:112` of a stack line, or the `whole` line: with a link to the source in DevTools if it can be opened there. */
export function SourceLink({ site, whole = false }: { site: string; whole?: boolean }) {
  const place = placeOf(site);
  const words = whole ? <code>{site}</code> : <span title={site}>{place?.name ?? site}</span>;
  if (!place || !open) return words;
  const opener = open;
  const link = (
    <button
      type="button"
      class="link"
      data-testid="open-source"
      title={`Open ${place.name} in DevTools`}
      onClick={(event) => {
        event.stopPropagation();
        opener(place.url, place.line);
      }}
    >
      {place.name}
    </button>
  );
  return whole ? (
    <>
      {words} {link}
    </>
  ) : (
    link
  );
}
