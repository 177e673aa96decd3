// Brings an SDK onto the page by its script: late, never, or when the page is told to, by URL.
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
  // `?jwt`: the site gives the Web SDK its token with each page load.
  if (query.has('jwt')) addEventListener('sandbox:initialized', () => row.signIn(row.find()), { once: true });
  // `?late=held`: not before the page is told to.
  if (!row.snippet && query.get('late') === 'held') addEventListener('sandbox:load', () => bring(dialect), { once: true });
  else setTimeout(() => bring(dialect), row.snippet ? 0 : Number(query.get('late') ?? 0));
}
