/** The token's lifetime as a bar from creation to expiry: elapsed time, *now*, and the warning time at the end. Instants in epoch ms. */
export function LifeBar({ createdAt, expiresAt, lead, now }: { createdAt: number | null; expiresAt: number; lead: number; now: number }) {
  // Without a creation time, the bar starts an hour before expiry, which is enough to show the warning time.
  const from = createdAt !== null && createdAt < expiresAt ? createdAt : expiresAt - 3_600_000;
  const share = (instant: number) => Math.min(1, Math.max(0, (instant - from) / (expiresAt - from))) * 100;
  const gone = share(now);
  const warning = share(expiresAt - lead);
  const state = now >= expiresAt ? 'expired' : now >= expiresAt - lead ? 'near' : 'valid';
  return (
    <svg class={`life-bar ${state}`} role="img" aria-label={`${Math.round(gone)} % of the token's life is over`} width="100%" height="10">
      <rect class="track" width="100%" height="6" y="2" rx="3" />
      <rect class="warning" x={`${warning}%`} width={`${100 - warning}%`} height="6" y="2" rx="1" />
      <rect class="gone" width={`${gone}%`} height="6" y="2" rx="3" />
      <rect class="now" x={`${Math.min(gone, 99.5)}%`} width="2" height="10" />
    </svg>
  );
}
