/** A view's state: a mirror of the background's session, the clock, and the pending command. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Draft } from '@/lib/forms/draft';
import type { PresetShelf } from '@/lib/forms/preset-shelf';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { patched } from '@/lib/protocol/patch';
import type { Connection, Port } from '@/lib/protocol/port';
import type { CookieChange, ViewMessage, ViewName } from '@/lib/protocol/view-message';
import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import { type Problem, ProblemError } from '@/lib/session/problem';
import { hasEnded, lastOutcome, type Moment, type Outcome } from '@/lib/session/run';
import { DEFAULT_DEADLINE, type Session, underWay } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import type { TabRecord } from './record';

type RunMessage = Extract<ViewMessage, { type: 'run' }>;
type ReadMessage = Extract<ViewMessage, { type: 'read' }>;

/** The result of the last operation, or its progress. `id` is the command's. */
export type Result =
  | { readonly kind: 'busy'; readonly id: string; readonly operation: OperationName; readonly at: number }
  | { readonly kind: 'ended'; readonly id: string; readonly operation: OperationName; readonly outcome: Outcome }
  /** Rejected, or lost with its session. */
  | { readonly kind: 'refused'; readonly id: string; readonly operation: OperationName; readonly problem: Problem; readonly lost: boolean };

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

/** The changes that undo changes to a page's storage, and the names of those that had no effect. */
export interface Undone {
  readonly undo: readonly CookieChange[];
  readonly failed: readonly string[];
}

/** Timeout of a storage change (ms). */
const EDIT_PATIENCE = 5000;

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

const UNEDITED: Problem = { kind: 'timeout', message: 'The page didn’t respond. Check the list.' };
const LOST: Problem = { kind: 'gone', message: 'The page navigated before the call finished.' };

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
  /** This view's pending command; `taken` once the background has accepted it. */
  const pending = signal<{ readonly message: RunMessage; readonly at: number; readonly taken: boolean } | null>(null);
  const refused = signal<Extract<Result, { kind: 'refused' }> | null>(null);
  let reading: ReadMessage | null = null;
  const edits = new Map<string, { edited(part: Undone): void; end(problem: Problem | null): void }>();
  let shown = true;

  /** Id of the result that the user closed. */
  const dismissed = signal<string | null>(null);
  const result = computed<Result | null>(() => (latest.value?.id === dismissed.value ? null : latest.value));
  const latest = computed<Result | null>(() => {
    const waiting = pending.value;
    if (waiting) return { kind: 'busy', id: waiting.message.id, operation: waiting.message.operation, at: waiting.at };
    if (!session.value) return refused.value;
    const { stage, runs } = session.value;
    const run = runs.carried?.run ?? underWay(stage)?.run;
    // Runs started by the alarm show in the token card.
    if (run?.by === 'person') return { kind: 'busy', id: run.id, operation: run.operation, at: run.at };
    const last = lastOutcome(runs);
    // A result goes with its SDK, unless the navigation itself interrupted it.
    const isLeft = stage.phase === 'absent' || stage.phase === 'unreachable';
    if (isLeft && last?.verdict !== 'interrupted') return refused.value?.lost ? refused.value : null;
    if (refused.value && (!last || last.at <= (refusedAt ?? 0))) return refused.value;
    return last ? { kind: 'ended', id: last.id, operation: last.operation, outcome: last } : null;
  });
  let refusedAt: number | null = null;

  const refuse = (message: RunMessage, problem: Problem, lost: boolean) => {
    refusedAt = Date.now();
    refused.value = { kind: 'refused', id: message.id, operation: message.operation, problem, lost };
    pending.value = null;
  };

  const sent = signal<readonly Sent[]>([]);
  const drafts: Model['drafts'] = new Map();
  /** Marks the sent command as done once it has succeeded. */
  const follow = () => {
    const last = session.value && lastOutcome(session.value.runs);
    const its = last?.verdict === 'done' ? sent.value.find(({ id, done }) => id === last.id && !done) : undefined;
    if (its) sent.value = sent.value.map((one) => (one === its ? { ...one, done: true } : one));
  };

  let owner: string | null = null;
  /** The SDK that was shown last, by name and place. */
  let sdk: string | null = null;
  let site: string | null = null;
  /** Closes forms and discards drafts that belong to a previous page. */
  const own = () => {
    if (!session.value) return;
    const { stage, page, visit } = session.value;
    // A form belongs to the document and the client that it was opened on.
    const next = stage.phase === 'attached' ? `${page.document} ${stage.client.ref}` : page.document !== null ? owner : null;
    if (next !== owner) {
      form.value = null;
      // A refusal belongs to the page that it was for.
      if (refused.value && !refused.value.lost) refused.value = null;
    }
    owner = next;
    if (stage.phase === 'attached') {
      const shownSdk = `${stage.client.dialect} ${stage.client.place}`;
      // A result of another SDK isn't this one's.
      if (sdk !== null && sdk !== shownSdk) dismissed.value = lastOutcome(session.value.runs)?.id ?? null;
      sdk = shownSdk;
    }
    // Input for one site must not reach another.
    if (site !== null && visit.origin !== site) {
      sent.value = [];
      drafts.clear();
    }
    site = visit.origin;
  };

  /** Clears the pending command once the session shows that it has ended. */
  const settle = () => {
    const waiting = pending.value;
    if (!waiting || !session.value) return;
    const { stage, runs } = session.value;
    const { id } = waiting.message;
    if (hasEnded(runs, id)) {
      refused.value = null;
      pending.value = null;
    } else if (waiting.taken && runs.carried?.run.id !== id && underWay(stage)?.run.id !== id) refuse(waiting.message, LOST, true);
  };

  const begin = (operation: OperationName, args: ArgumentValues, anyway: boolean) => {
    if (result.value?.kind === 'busy') return null;
    const deadline = session.value?.policy.deadline ?? DEFAULT_DEADLINE;
    const { stage, page } = session.value ?? {};
    const of = stage?.phase === 'attached' && page?.document ? { of: { document: page.document, client: stage.client.ref } } : {};
    const message: RunMessage = { type: 'run', id: crypto.randomUUID(), operation, args, anyway, deadline, ...of };
    pending.value = { message, at: Date.now(), taken: false };
    record?.ran(message.id, args);
    port.send(message);
    return message.id;
  };
  const run: Model['run'] = (operation, args, anyway = false) => {
    const id = begin(operation, args, anyway);
    if (id !== null) form.value = null;
    return id;
  };

  const port = open({
    hello: () => [
      { type: 'hello', view, tab, lends },
      ...(shown ? [] : [{ type: 'showing' as const, showing: false }]),
      // Unanswered commands are sent again: the background and the agent run each id only once.
      ...(pending.value && !pending.value.taken ? [pending.value.message] : []),
      ...(reading ? [reading] : []),
      ...(record?.unsaid() ?? []),
    ],
    onMessage(message) {
      if (record?.take(message)) return;
      switch (message.type) {
        case 'state':
          session.value = message.session;
          own();
          now.value = Date.now();
          follow();
          settle();
          return;
        case 'patch':
          if (session.value) session.value = patched(session.value, message.patch);
          own();
          now.value = Date.now();
          follow();
          settle();
          return;
        case 'others':
          others.value = message.sessions;
          return;
        case 'wanted':
          wanted.value = message.operation;
          return;
        case 'storage-edited':
          edits.get(message.id)?.edited(message);
          return;
        case 'answer':
          if (message.problem) edits.get(message.id)?.end(message.problem);
          if (reading?.id === message.id) reading = null;
          if (pending.value?.message.id !== message.id) return;
          if (message.problem) refuse(pending.value.message, message.problem, false);
          else {
            // The command won't be sent again, so its secrets are dropped.
            pending.value = { ...pending.value, message: { ...pending.value.message, args: {} }, taken: true };
            settle();
          }
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
    result,
    form,
    lends,
    wanted,
    sent,
    drafts,
    dismiss() {
      dismissed.value = latest.value?.id ?? null;
    },
    readAccount: () => void begin('getAccount', {}, false),
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
    editStorage: (changes, origin) =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID();
        const undo: CookieChange[] = [];
        const failed: string[] = [];
        const end = (problem: Problem | null) => {
          clearTimeout(timer);
          edits.delete(id);
          if (problem) reject(new ProblemError(problem));
          else resolve({ undo, failed });
        };
        const timer = setTimeout(() => end(UNEDITED), EDIT_PATIENCE);
        edits.set(id, {
          end,
          // The browser and the page answer one after the other.
          edited(part) {
            undo.push(...part.undo);
            failed.push(...part.failed);
            if (undo.length + failed.length >= changes.length) end(null);
          },
        });
        port.send({ type: 'edit-storage', id, origin, changes });
      }),
    showing(next) {
      shown = next;
      port.send({ type: 'showing', showing: next });
    },
    send: (message) => port.send(message),
  };
}
