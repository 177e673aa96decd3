/** A view's state: a mirror of the background's session, the clock, the open form and what was sent. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Draft } from '@/lib/forms/draft';
import type { PresetShelf } from '@/lib/forms/preset-shelf';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { patched } from '@/lib/protocol/patch';
import type { Connection, Port } from '@/lib/protocol/port';
import type { CookieChange, ViewMessage, ViewName } from '@/lib/protocol/view-message';
import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import { lastOutcome, type Moment } from '@/lib/session/run';
import { isSameClient, type Session } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import { createCommands, type Result } from './commands';
import { createEdits, type Undone } from './edits';
import type { TabRecord } from './record';

type ReadMessage = Extract<ViewMessage, { type: 'read' }>;

/** A view's access to the browser's per-site permissions. */
export interface SitePermission {
  /** Must be called within the click's handler. Resolves with whether it was granted, unless the prompt closes the view. */
  ask(site: string): Promise<boolean>;
  /** Revokes the permission. */
  drop(site: string): Promise<boolean>;
  /** Whether requests from watched sites to this origin are seen while DevTools is closed. */
  hears?(origin: string): Promise<boolean>;
}

/** An account command of this view, with what may be shown of it later. */
export interface Sent {
  /** The command's id. */
  readonly id: string;
  readonly operation: OperationName;
  readonly at: number;
  /** Without secrets. Includes the draft of the step that led to it. */
  readonly draft: Draft;
  /** The customer whom it was sent for. */
  readonly by: Moment | null;
  /** It succeeded. */
  readonly done?: true;
}

/** The most sent forms that are remembered. */
const SENT_KEPT = 20;

/** Connects to the background: over an extension port in production, a fake in tests. */
export type OpenPort = (handlers: {
  hello(): readonly ViewMessage[];
  onMessage(message: BackgroundMessage): void;
  onConnection(connection: Connection): void;
}) => Port;

export interface ModelOptions {
  readonly tab: number;
  readonly view: ViewName;
  /** Whether the background can reach the page through this view. */
  readonly lends: boolean;
  readonly open: OpenPort;
  /** `null` if the browser doesn't let this view request permissions. */
  readonly permission?: SitePermission | null;
  /** `null` if this view has none. */
  readonly presets?: PresetShelf | null;
  /** Cookies that servers set in this tab; empty if the view can't see them. */
  readonly seenCookies?: ReadonlySignal<readonly SeenCookie[]>;
  /** For views that show the history. */
  readonly record?: TabRecord;
  /** Handles messages that the model doesn't: requests to the page. */
  readonly onOther?: (message: BackgroundMessage) => void;
}

export interface Model {
  readonly tab: number;
  readonly permission: SitePermission | null;
  readonly presets: PresetShelf | null;
  readonly seenCookies: ReadonlySignal<readonly SeenCookie[]>;
  readonly session: ReadonlySignal<Session | null>;
  readonly connection: ReadonlySignal<Connection>;
  /** Epoch ms, updated on each full second. */
  readonly now: ReadonlySignal<number>;
  readonly result: ReadonlySignal<Result | null>;
  /** Closes the result that is shown. */
  dismiss(): void;
  /** Whether this view reaches into the page and sees its network. */
  readonly lends: boolean;
  /** The operation that a keyboard shortcut requested, until it is handled. */
  readonly wanted: Signal<OperationName | null>;
  /** The operation whose form is open. */
  readonly form: Signal<OperationName | null>;
  /** What the account forms sent, latest last; kept while the view is open, so that a second step can show the first. */
  readonly sent: ReadonlySignal<readonly Sent[]>;
  remember(sent: Sent): void;
  /** Returns the command's id; `null` if another one is running. */
  run(operation: OperationName, args: ArgumentValues, anyway?: boolean): string | null;
  /** Reads the account without closing the open form. */
  readAccount(): void;
  /** Drafts of account forms that closed because the page left, without secrets, and the site that they are for. */
  readonly drafts: Map<OperationName, { readonly site: string | null; readonly draft: Draft }>;
  readAgain(): void;
  /** Sets whether tokens of this session's site are refreshed before they expire. */
  autoRefresh(on: boolean): void;
  /** Sets whether a diagnostic rule is muted on this session's site. */
  mute(rule: string, muted: boolean): void;
  /** The sessions of other tabs, as of the last request for them. */
  readonly others: ReadonlySignal<readonly Session[]>;
  askOthers(): void;
  /** Shows another client: `ref` in `document`. */
  choose(document: string, ref: number): void;
  /** Changes storage of `origin`. Resolves with how to undo it and what had no effect; rejects with a `ProblemError` on failure. */
  editStorage(changes: readonly CookieChange[], origin: string): Promise<Undone>;
  showing(showing: boolean): void;
  send(message: ViewMessage): void;
}

/** Creates the model of one view, over the port that `open` returns. */
export function createModel({
  tab,
  view,
  lends,
  open,
  onOther,
  permission = null,
  presets = null,
  seenCookies = signal([]),
  record,
}: ModelOptions): Model {
  const session = signal<Session | null>(null);
  const connection = signal<Connection>('connecting');
  const now = signal(Date.now());
  const form = signal<OperationName | null>(null);
  const wanted = signal<OperationName | null>(null);
  const others = signal<readonly Session[]>([]);
  let reading: ReadMessage | null = null;
  let shown = true;
  /** The session as last heard of. */
  let known: Session | null = null;

  const commands = createCommands({
    session,
    known: () => known,
    send(message) {
      record?.ran(message.id, message.args);
      port.send(message);
    },
    onShows: () => show(),
  });
  const edits = createEdits((message) => port.send(message));

  const sent = signal<readonly Sent[]>([]);
  const drafts: Model['drafts'] = new Map();
  /** Marks the sent command as done once it has succeeded. */
  const follow = ({ runs }: Session) => {
    const last = lastOutcome(runs);
    const its = last?.verdict === 'done' ? sent.value.find(({ id, done }) => id === last.id && !done) : undefined;
    if (its) sent.value = sent.value.map((one) => (one === its ? { ...one, done: true } : one));
  };

  let owner: string | null = null;
  /** The SDK that was shown last, by name and place. */
  let sdk: string | null = null;
  let site: string | null = null;
  /** Closes forms and discards drafts that belong to a previous page. */
  const own = ({ stage, page, visit }: Session) => {
    // A form belongs to the document and the client that it was opened on.
    const next = stage.phase === 'attached' ? `${page.document} ${stage.client.ref}` : page.document !== null ? owner : null;
    if (next !== owner) {
      form.value = null;
      commands.forgetRefused();
    }
    owner = next;
    if (stage.phase === 'attached') {
      const shownSdk = `${stage.client.dialect} ${stage.client.place}`;
      if (sdk !== null && sdk !== shownSdk) commands.hideOutcome();
      sdk = shownSdk;
    }
    // Input for one site must not reach another.
    if (site !== null && visit.origin !== site) {
      sent.value = [];
      drafts.clear();
    }
    site = visit.origin;
  };

  const run: Model['run'] = (operation, args, anyway = false) => {
    const id = commands.begin(operation, args, anyway);
    if (id !== null) form.value = null;
    return id;
  };
  /** Shows the session as last heard of. While a command doesn't show yet, what it changes is held back and shown together with it. */
  const show = () => {
    const before = session.peek();
    if (!known || known === before || (commands.hasJustBegun() && before && isSameClient(before, known))) return;
    session.value = known;
    own(known);
    now.value = Date.now();
    follow(known);
  };
  const changed = (next: Session) => {
    known = next;
    commands.settle();
    show();
  };

  const port = open({
    hello: () => [
      { type: 'hello', view, tab, lends },
      ...(shown ? [] : [{ type: 'showing' as const, showing: false }]),
      // Unanswered commands are sent again: the background and the agent run each id only once.
      ...commands.unsaid(),
      ...(reading ? [reading] : []),
      ...(record?.unsaid() ?? []),
    ],
    onMessage(message) {
      if (record?.take(message)) return;
      switch (message.type) {
        case 'state':
          changed(message.session);
          return;
        case 'patch':
          if (known) changed(patched(known, message.patch));
          return;
        case 'others':
          others.value = message.sessions;
          return;
        case 'wanted':
          wanted.value = message.operation;
          return;
        case 'storage-edited':
          edits.edited(message);
          return;
        case 'answer':
          if (message.problem) edits.refused(message.id, message.problem);
          if (reading?.id === message.id) reading = null;
          commands.answered(message.id, message.problem);
          show();
          return;
        default:
          onOther?.(message);
      }
    },
    onConnection(next) {
      connection.value = next;
    },
  });

  // Ticks on the clock's full second, so that all countdowns change at the same time.
  const tick = () => {
    now.value = Date.now();
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();

  return {
    tab,
    permission,
    presets,
    seenCookies,
    session,
    connection,
    now,
    result: commands.result,
    form,
    lends,
    wanted,
    sent,
    drafts,
    dismiss: commands.dismiss,
    readAccount: () => void commands.begin('getAccount', {}, false),
    remember(one) {
      sent.value = [...sent.value, one].slice(-SENT_KEPT);
    },
    run,
    autoRefresh: (on) => port.send({ type: 'auto-refresh', on }),
    mute: (rule, muted) => port.send({ type: 'mute', rule, muted }),
    others,
    askOthers: () => port.send({ type: 'others' }),
    readAgain() {
      reading = { type: 'read', id: crypto.randomUUID() };
      port.send(reading);
    },
    choose(document, ref) {
      form.value = null;
      port.send({ type: 'choose', document, ref });
    },
    editStorage: edits.edit,
    showing(next) {
      shown = next;
      port.send({ type: 'showing', showing: next });
    },
    send: (message) => port.send(message),
  };
}
