/** What a document's markup reveals about its SDK, besides the SDK's objects. Read by the carriers, which keeps the agent small. */
import type { IdleSnippet } from './wire';

/** A script that loads an SDK. Times in ms; `null` if the page has no record of the request. */
export interface SdkScript {
  /** Origin and path. */
  readonly address: string;
  /** When it was requested, counted from the start of the page load, and how long the request took. */
  readonly from: number | null;
  readonly took: number | null;
}

export type InitOption = string | number | boolean;

/** The options that an inline script passes to `init()` as literals. */
export interface InitCall {
  /** The namespace that it is called on; empty for the builder of the other SDKs. */
  readonly of: string;
  readonly options: Readonly<Record<string, InitOption>>;
}

/** What one document's markup and cookies reveal. */
export interface Markup {
  /** `location.origin` of the page that was read. */
  readonly origin: string;
  /** Loader snippets that did not run. */
  readonly idle: readonly IdleSnippet[];
  /** `name=value` of the SDK's cookies that scripts can read. */
  readonly cookies: readonly string[];
  readonly scripts: readonly SdkScript[];
  readonly inits: readonly InitCall[];
  /** Tracker keys found in inline scripts, each once. */
  readonly keys: readonly string[];
}

/** Runs inside a page and is sent as text: uses nothing from outside itself. */
export function readMarkup(): Markup {
  const idle: IdleSnippet[] = [];
  const cookies: string[] = [];
  const scripts: SdkScript[] = [];
  const inits: InitCall[] = [];
  const keys: string[] = [];
  // Every loader snippet contains this name (facts §3.1).
  const MARK = 'SyneriseObjectNamespace';
  const hasRun = MARK in window;
  const namespace = (window as unknown as Record<string, unknown>)[MARK];

  const addScript = (source: string) => {
    if (!URL.canParse(source, location.href)) return;
    const { href, origin, pathname } = new URL(source, location.href);
    const address = `${origin}${pathname}`.slice(0, 300);
    if (!/^http/.test(origin) || scripts.length >= 20 || scripts.some((one) => one.address === address)) return;
    let entry: PerformanceEntry | undefined;
    try {
      entry = performance.getEntriesByName(href)[0];
    } catch {
      // The page replaced `performance`.
    }
    const ms = (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 86_400_000 ? Math.round(value) : null);
    scripts[scripts.length] = { address, from: ms(entry?.startTime), took: ms(entry?.duration) };
  };

  /** Literals of the object that begins at `text`; strings only for known options, since others may be secret. */
  const literals = (text: string): Record<string, InitOption> => {
    let depth = 0;
    let end = 0;
    while (end < text.length && end < 2000) {
      if (text[end] === '{') depth += 1;
      if (text[end] === '}') depth -= 1;
      end += 1;
      if (depth === 0) break;
    }
    const options: Record<string, InitOption> = {};
    for (const [, , name = '', , said, literal] of text
      .slice(0, end)
      .matchAll(/(["']?)\b([A-Za-z]\w{0,40})\1\s*:\s*(?:(["'])([^"'\n]{0,100})\3|(true|false|-?\d{1,15}(?:\.\d{1,6})?)\b)/g)) {
      if (literal !== undefined) options[name] = literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal);
      else if (/^(trackerKey|domain|plugin)$/.test(name)) options[name] = said ?? '';
    }
    return options;
  };
  const addInit = (of: string, options: Record<string, InitOption>) => {
    if (inits.length < 20 && Object.keys(options).length > 0 && Object.keys(options).length <= 40) inits[inits.length] = { of, options };
  };
  /** The script without its comments, since code in a comment does not run. */
  const codeOf = (text: string): string => {
    let code = '';
    let from = 0;
    for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
      const end = text.indexOf('*/', at + 2);
      code += text.slice(from, at);
      from = end < 0 ? text.length : end + 2;
    }
    // `//` counts only after a space or one of `;{}`, because URLs contain it too.
    return (code + text.slice(from)).replace(/(^|[\s;{}])\/\/[^\n]*/g, '$1');
  };
  const readInits = (script: string) => {
    const text = codeOf(script);
    for (const [, key = ''] of text.matchAll(/\btrackerKey["']?\s*:\s*["']([\w-]{1,100})["']/g))
      if (keys.length < 20 && !keys.includes(key)) keys[keys.length] = key;
    for (const call of text.matchAll(/([A-Za-z_$][\w$]{0,60})\s*\.\s*init\s*\(\s*(?=\{)/g)) {
      const [whole, of = ''] = call;
      const options = literals(text.slice(call.index + whole.length, call.index + whole.length + 2000));
      // Other libraries have an init() too.
      if ('trackerKey' in options || of === 'SR' || of === namespace) addInit(of, options);
    }
    // The loader before the current one (facts §8): SR.auth.apiKey(key); SR.init().
    for (const [, of = '', trackerKey = ''] of text.matchAll(
      /([A-Za-z_$][\w$]{0,60})\s*\.\s*auth\s*\.\s*apiKey\s*\(\s*["']([\w-]{1,100})["']/g,
    ))
      addInit(of, { trackerKey });
    if (!text.includes('Initializer')) return;
    const options: Record<string, InitOption> = {};
    for (const [, name = '', said, literal] of text.matchAll(
      /\.with(BaseUrl|InitialDoNotTrack|DebugModeEnabled|CrashHandlingEnabled)\s*\(\s*(?:["']([^"'\n]{0,100})["']|(true|false))/g,
    ))
      options[`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`] =
        literal === undefined ? (said ?? '').replace(/[?#].*$/, '').replace(/\/\/[^/@]*@/, '//') : literal === 'true';
    addInit('', options);
  };

  const look = (all: ArrayLike<HTMLScriptElement>, isTemplate: boolean) => {
    for (let index = 0; index < all.length && index < 300; index += 1) {
      const { text, type, src } = all[index] as HTMLScriptElement;
      const isScript = /^$|^module$|^(text|application)\/(java|ecma)script$/i.test(type);
      const isSnippet = text.slice(0, 5000).includes(MARK);
      if (isSnippet) {
        const why = isTemplate ? 'template' : !isScript ? (/partytown/i.test(type) ? 'worker' : 'type') : hasRun ? null : 'blocked';
        if (why) idle[idle.length] = { why, type: type.slice(0, 60) };
      }
      if (isTemplate || !isScript) continue;
      if (src) {
        // Recognized by the vendor's hosts, or by the script's own name (facts §3.6).
        if (/^(https?:)?\/\/([\w-]+\.)*(snrbox\.com|snrcdn\.net)[:/]|\/[^/?#]*synerise[^/?#]*($|[?#])/i.test(src)) addScript(src);
        continue;
      }
      readInits(text.slice(0, 50_000));
      if (isSnippet)
        for (const [, source = ''] of text.slice(0, 5000).matchAll(/["']((?:https?:)?\/[^"'\s]{1,300}\.js)\b/g)) addScript(source);
    }
  };
  try {
    look(document.scripts, false);
    for (const { content } of document.querySelectorAll('template')) look(content.querySelectorAll('script'), true);
  } catch {
    // The page replaced parts of its document.
  }
  try {
    for (const pair of document.cookie.split('; '))
      if (pair.startsWith('_snrs_') && cookies.length < 60) cookies[cookies.length] = pair.slice(0, 4200);
  } catch {
    // A sandboxed frame has no cookies.
  }
  return { origin: location.origin, idle, cookies, scripts, inits, keys };
}
