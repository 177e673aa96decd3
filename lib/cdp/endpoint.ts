/** What can be inspected at a debugging endpoint. */

/** `page`: a browser's page or a web view. `react-native`: an app's JavaScript engine behind Metro. `node`: a Node.js process. */
export type TargetKind = 'page' | 'react-native' | 'node';

export interface Target {
  readonly id: string;
  readonly kind: TargetKind;
  readonly title: string;
  /** A page's URL; for an app its ID, such as `com.example.shop`, if known. */
  readonly address: string;
  /** URL of its WebSocket. */
  readonly socket: string;
  /** Value of the `Origin` header that the WebSocket requires: Metro's own (from React Native 0.85 on). */
  readonly origin?: string;
}

export interface Endpoint {
  /** As the user wrote it, without what an address doesn't need. */
  readonly address: string;
  /** Lists what can be inspected now. @throws {EndpointError} */
  targets(): Promise<readonly Target[]>;
}

/** Nothing usable at the address. The message says what to do. */
export class EndpointError extends Error {}

/** How long the endpoint may take to list its targets (ms). */
const PATIENCE = 5000;
const MAX_TEXT = 300;

/**
 * The endpoint at an address: `http://127.0.0.1:9222` (or only `127.0.0.1:9222`) for one that lists its targets, or the
 * WebSocket URL of one target. @throws {EndpointError} if it isn't an address
 */
export function endpointAt(text: string): Endpoint {
  const written = /^\w+:\/\//.test(text) ? text : `http://${text}`;
  const url = URL.canParse(written) ? new URL(written) : null;
  if (!url || !/^(https?|wss?):$/.test(url.protocol) || url.hostname === '')
    throw new EndpointError(
      `${text} isn't the address of a debugging endpoint. Expected one like http://127.0.0.1:9222 or ws://127.0.0.1:9229/….`,
    );
  const isSocket = url.protocol.startsWith('ws');
  // A browser's own WebSocket has no page: the pages are listed beside it.
  const isOneTarget = isSocket && !url.pathname.startsWith('/devtools/browser/');
  if (isOneTarget) {
    const kind: TargetKind = url.pathname.startsWith('/devtools/page/')
      ? 'page'
      : url.pathname.startsWith('/inspector/')
        ? 'react-native'
        : 'node';
    return { address: url.href, targets: async () => [{ id: url.href, kind, title: url.host, address: '', socket: url.href }] };
  }
  const base = `${url.protocol.replace('ws', 'http')}//${url.host}`;
  return { address: base, targets: () => targetsAt(base) };
}

async function targetsAt(base: string): Promise<readonly Target[]> {
  let answer: Response;
  try {
    answer = await fetch(`${base}/json/list`, { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' });
  } catch {
    throw new EndpointError(
      `Nothing answers at ${base}. Start the browser with --remote-debugging-port, Node with --inspect, or Metro; for a phone, run adb forward first (docs/apps.md).`,
    );
  }
  const listed: unknown = answer.ok ? await answer.json().catch(() => null) : null;
  if (!Array.isArray(listed)) throw new EndpointError(`${base} answers, but isn't a debugging endpoint.`);
  return listed.flatMap((entry: unknown) => targetOf(entry, base) ?? []);
}

/** A target as the endpoint lists it; `null` for what can't be inspected: workers, extensions, frames (they come with their page). */
function targetOf(entry: unknown, base: string): Target | null {
  const told = Object(entry) as Record<string, unknown>;
  const text = (key: string) => (typeof told[key] === 'string' ? told[key].slice(0, MAX_TEXT) : '');
  const written = text('webSocketDebuggerUrl');
  if (!URL.canParse(written)) return null;
  // The endpoint may call itself by another name, for example behind a port forwarding.
  const socket = new URL(written);
  socket.host = new URL(base).host;
  // Chromium escapes titles as for HTML.
  const common = {
    id: text('id'),
    title: text('title').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? ''),
    socket: socket.href,
  };
  if (told['reactNative'] !== undefined || text('vm') !== '' || /React Native/.test(common.title))
    return {
      ...common,
      kind: 'react-native',
      title: [text('deviceName'), common.title].filter(Boolean).join(': '),
      address: appOf(text),
      origin: base,
    };
  switch (text('type')) {
    case 'page':
    case 'webview':
      // The browser's own pages, such as DevTools, hold no SDK.
      return /^(devtools|chrome-extension|chrome-untrusted):/.test(text('url')) ? null : { ...common, kind: 'page', address: text('url') };
    case 'node':
      // Without the script's folders, which are this machine's.
      return { ...common, kind: 'node', address: common.title.replace(/^.*[\\/]/s, '') };
    default:
      return null;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The app's ID: older versions of Metro give it as the description. */
const appOf = (text: (key: string) => string): string =>
  text('appId') || (/^[\w.-]+$/.test(text('description')) ? text('description') : '');

const WORDS: Readonly<Record<TargetKind, string>> = { page: 'page', 'react-native': 'React Native app', node: 'Node.js process' };
/** A target's kind in words. */
export const kindWords = (kind: TargetKind): string => WORDS[kind];

/** The targets whose kind, title or address contains all of these words. */
export function matching(targets: readonly Target[], words: string): readonly Target[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return targets.filter(({ kind, title, address, id }) => {
    const text = `${kindWords(kind)} ${title} ${address} ${id}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/**
 * The origin by which an app is known, which stands where a site's origin does: `app://com.example.shop`. Settings and
 * reports are kept by it, so it contains no more than letters, digits, dots and dashes.
 */
export const appOrigin = ({ address, title }: Target): string =>
  `app://${
    (address || title)
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 100) || 'app'
  }`;
