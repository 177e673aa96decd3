/** The parts of a page that are out of reach, and how to reach them. */
import type { ViewName } from '@/lib/protocol/view-message';
import type { Session } from '@/lib/session/session';
import { placeWords } from '../state/words';

export function Limits({ session, view }: { session: Session; view: ViewName }) {
  return (
    <>
      <BeyondLine session={session} view={view} />
      <MissingLine session={session} />
    </>
  );
}

/** The most frame URLs that are listed. */
const NAMED = 4;

/** Frames that could not be inspected, by URL, and how to reach them. */
function BeyondLine({
  session: {
    tab: { beyond, access, site },
  },
  view,
}: {
  session: Session;
  view: ViewName;
}) {
  if (!beyond.length) return null;
  const counts = new Map<string, number>();
  for (const address of beyond) counts.set(address, (counts.get(address) ?? 0) + 1);
  const named = [...counts].slice(0, NAMED).map(([address, count]) => `${nameOf(address, site)}${count > 1 ? ` (${count})` : ''}`);
  const more = counts.size > NAMED ? [`${counts.size - NAMED} more`] : [];
  return (
    <p class="quiet note beyond" data-testid="limits">
      {beyond.length === 1 ? '1 frame isn’t' : `${beyond.length} frames aren’t`} inspected:{' '}
      {new Intl.ListFormat('en').format([...named, ...more])}. {waysTo(beyond, site, access, view)}
    </p>
  );
}

const isOwn = (address: string, site: string | null): boolean => site !== null && address.startsWith(`${site}/`);

const nameOf = (address: string, site: string | null): string =>
  address === '' ? 'a frame without a known URL' : isOwn(address, site) ? address.slice(site?.length) : address;

/** How to reach frames that the current access doesn't reach. */
function waysTo(beyond: readonly string[], site: string | null, access: Session['tab']['access'], view: ViewName): string {
  if (access === 'panel')
    return 'DevTools can’t reach every frame. Use the toolbar popup for frames of this site; watch the site for sandboxed ones.';
  const own = beyond.filter((address) => isOwn(address, site)).length;
  return [
    ...(own > 0 ? ['Watch this site to inspect sandboxed frames.'] : []),
    ...(own < beyond.length ? [`Cross-site frames: ${view === 'popup' ? 'open DevTools, or ' : ''}watch their sites.`] : []),
  ].join(' ');
}

/** Built-ins that the inspector needs but the page has replaced, and what doesn't work because of that. */
function MissingLine({ session: { page, tab } }: { session: Session }) {
  if (!page.missing.length) return null;
  return (
    <p class="quiet note">
      {placeWords('This page', tab.site)} has replaced {new Intl.ListFormat('en').format(page.missing)}.
      {(page.missing.includes('Proxy') || page.missing.includes('WeakMap')) && ' Its SDK calls can’t be recorded, only their effects.'}
      {page.missing.includes('Reflect.apply') && ' SDK methods can’t be called.'}
    </p>
  );
}
