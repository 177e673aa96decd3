import type { Badge } from '../session/session';
import type { Platform } from './platform';

const LOOK = {
  none: { text: '', color: '#5f6368' },
  'near-expiry': { text: '', color: '#b06000' },
  failing: { text: '×', color: '#b06000' },
  expired: { text: '!', color: '#c5221f' },
} as const;

/** Shows a token's state on the toolbar button of its tab. Does nothing if the tab was closed. @param now epoch ms */
export async function showBadge(platform: Pick<Platform, 'showBadge'>, tab: number, badge: Badge, now: number): Promise<void> {
  const { text, color } = LOOK[badge.kind];
  const minutes = badge.kind === 'near-expiry' ? Math.max(1, Math.ceil((badge.expiresAt - now) / 60_000)) : 0;
  try {
    await platform.showBadge(tab, minutes ? `<${minutes}m` : text, color);
  } catch {
    // The tab was closed.
  }
}
