/** What of an SDK stands in a document where none runs. Asked by the carriers, so that the agent need not carry it. */
import type { IdleSnippet } from './wire';

export interface Remains {
  /** `location.origin` of the page that was asked. */
  readonly origin: string;
  /** Loader snippets that did not run. */
  readonly idle: readonly IdleSnippet[];
  /** `name=value` of the SDK's cookies that script can read. */
  readonly left: readonly string[];
}

/** Runs inside a page, as text: uses nothing from outside itself. */
export function findRemains(): Remains {
  const idle: IdleSnippet[] = [];
  const left: string[] = [];
  // What every loader snippet names (facts §3.1).
  const hasRun = 'SyneriseObjectNamespace' in window;
  const look = (scripts: ArrayLike<HTMLScriptElement>, isTemplate: boolean) => {
    for (let index = 0; index < scripts.length && index < 300; index += 1) {
      const { text, type } = scripts[index] as HTMLScriptElement;
      if (!text.slice(0, 5000).includes('SyneriseObjectNamespace')) continue;
      const isScript = /^$|^module$|^(text|application)\/(java|ecma)script$/i.test(type);
      const why = isTemplate ? 'template' : !isScript ? (/partytown/i.test(type) ? 'worker' : 'type') : hasRun ? null : 'blocked';
      if (why) idle[idle.length] = { why, type: type.slice(0, 60) };
    }
  };
  try {
    look(document.scripts, false);
    for (const { content } of document.querySelectorAll('template')) look(content.querySelectorAll('script'), true);
  } catch {
    // What the page made of its document.
  }
  try {
    for (const pair of document.cookie.split('; '))
      if (pair.startsWith('_snrs_') && left.length < 60) left[left.length] = pair.slice(0, 4200);
  } catch {
    // A sandboxed frame has none.
  }
  return { origin: location.origin, idle, left };
}
