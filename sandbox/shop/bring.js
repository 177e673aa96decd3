// Loads an SDK's script as the page's URL says: late, never, or on an event.
import { ADAPTERS } from './adapters.js';

const query = new URLSearchParams(location.search);

export function bring(dialect) {
  const row = ADAPTERS[dialect];
  const script = document.createElement('script');
  script.src = window.trustedTypes
    ? trustedTypes.createPolicy('shop', { createScriptURL: (text) => text }).createScriptURL(row.script)
    : row.script;
  if (!row.snippet) script.onload = () => row.start?.(row.find());
  document.head.append(script);
}

export function bringAsAsked(dialect) {
  const row = ADAPTERS[dialect];
  if (query.has('none')) return;
  // `?jwt`: the site sets the Web SDK's token on each page load.
  if (query.has('jwt')) addEventListener('sandbox:initialized', () => row.signIn(row.find()), { once: true });
  // `?late=held`: only on the event `sandbox:load`.
  if (!row.snippet && query.get('late') === 'held') addEventListener('sandbox:load', () => bring(dialect), { once: true });
  else setTimeout(() => bring(dialect), row.snippet ? 0 : Number(query.get('late') ?? 0));
}
