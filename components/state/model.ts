/** What a view knows: a mirror of the background's session, the clock, and the command that it waits for. */
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

/** What the last operation did, or is doing. `id` is the command's. */
export type Result =
  | { readonly kind: 'busy'; readonly id: string; readonly operation: OperationName; readonly at: number }
  | { readonly kind: 'ended'; readonly id: string; readonly operation: OperationName; readonly outcome: Outcome }
  /** Not taken, or lost with its session. */
  | { readonly kind: 'refused'; readonly id: string; readonly operation: OperationName; readonly problem: Problem; readonly lost: boolean };

/** The browser's permission for one site, which only it can give: what a view may ask of it. */
export interface SitePermission {
  /** Must be called in the click itself. Gives whether the person agreed; where a prompt closes the view, nobody hears it. */
  ask(site: string): Promise<boolean>;
  /** Gives it back. */
  drop(site: string): Promise<boolean>;
  /** Whether requests from watched sites to hosts of that origin are seen with DevTools closed. */
  hears?(origin: string): Promise<boolean>;
}

/** A command of this view on the account, and what of it may be shown afterwards. */
export interface Sent {
  /** The command's id. */
  readonly id: string;
  readonly operation: OperationName;
  readonly at: number;
  /** Without what is secret; with that of what led to it. */
  readonly draft: Draft;
  /** The customer whom it was sent for. */
  readonly by: Moment | null;
  /** It went well. */
  readonly done?: true;
}

/** What undoes changes of what a page keeps, and the names of those that took no effect. */
export interface Undone {
  readonly undo: readonly CookieChange[];
  readonly failed: readonly string[];
}

/** A change of what is kept is answered within so long (ms), or not at all. */
const KEEP_PATIENCE = 5000;

/** How many sent forms are remembered. */
const SENT_KEPT = 20;

/** Connects to the background; the port carrier in production, a fake in tests. */
export type OpenPort = (handlers: {
  hello(): readonly ViewMessage[];
  onMessage(message: BackgroundMessage): void;
  onConnection(connection: Connection): void;
}) => Port;

export interface ModelOptions {
  readonly tab: number;
  readonly view: ViewName;
  /** True where this view can lend the background its way into the page. */
  readonly lends: boolean;
  readonly open: OpenPort;
  /** `null` where the browser lets this view ask for nothing. */
  readonly permission?: SitePermission | null;
  /** `null` where this view keeps none. */
  readonly presets?: PresetShelf | null;
  /** Cookies that servers were seen to set in this tab; none where the view cannot see them. */
  readonly seenCookies?: ReadonlySignal<readonly SeenCookie[]>;
  /** Of a view that shows the history. */
  readonly record?: TabRecord;
  /** Messages that are not the model's: requests to the page. */
  readonly onOther?: (message: BackgroundMessage) => void;
}

export interface Model {
  readonly tab: number;
  readonly permission: SitePermission | null;
  readonly presets: PresetShelf | null;
  readonly seenCookies: ReadonlySignal<readonly SeenCookie[]>;
  readonly session: ReadonlySignal<Session | null>;
  readonly connection: ReadonlySignal<Connection>;
  /** Epoch ms, ticking on each second of the clock. */
  readonly now: ReadonlySignal<number>;
  readonly result: ReadonlySignal<Result | null>;
  /** This view reaches into the page, and sees its network. */
  readonly lends: boolean;
  /** What a keyboard shortcut asked for, until it is taken up. */
  readonly wanted: Signal<OperationName | null>;
  /** The operation whose form is open. */
  readonly form: Signal<OperationName | null>;
  /** What was sent by the account forms, latest last; kept while the view lives, so that a second step has the first in view. */
  readonly sent: ReadonlySignal<readonly Sent[]>;
  remember(sent: Sent): void;
  /** Gives the command's id; `null` where another is under way. */
  run(operation: OperationName, args: ArgumentValues, anyway?: boolean): string | null;
  /** Reads the account from within a form, which stays open. */
  readAccount(): void;
  /** What was left in account forms that the page's going closed, without secrets, and the site that it was typed for. */
  readonly left: Map<OperationName, { readonly site: string | null; readonly draft: Draft }>;
  readAgain(): void;
  /** Whether the token of this session's site is to be refreshed before it ends. */
  autoRefresh(on: boolean): void;
  /** Whether findings of a diagnostic rule are left out on this session's site. */
  mute(rule: string, muted: boolean): void;
  /** The sessions of other tabs, as they were when they were asked for last. */
  readonly others: ReadonlySignal<readonly Session[]>;
  askOthers(): void;
  /** Shows another client: `ref` in `document`. */
  choose(document: string, ref: number): void;
  /** Changes what pages of `origin` keep. Gives what undoes it and which took no effect; rejects with why where nobody answers. */
  keep(changes: readonly CookieChange[], origin: string): Promise<Undone>;
  showing(showing: boolean): void;
  send(message: ViewMessage): void;
}

const UNKEPT: Problem = { kind: 'timeout', message: 'The page did not answer: what of it was changed shows below.' };
const LOST: Problem = { kind: 'gone', message: 'The page was left before an answer came.' };

/** The model of one view, over a port that `open` makes. */
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
  /** The command of this view that has not ended; `taken` once the background answered. */
  const pending = signal<{ readonly message: RunMessage; readonly at: number; readonly taken: boolean } | null>(null);
  const refused = signal<Extract<Result, { kind: 'refused' }> | null>(null);
  let reading: ReadMessage | null = null;
  const keeping = new Map<string, { left: number; undone: Undone; end(problem: Problem | null): void }>();
  let shown = true;

  const result = computed<Result | null>(() => {
    const waiting = pending.value;
    if (waiting) return { kind: 'busy', id: waiting.message.id, operation: waiting.message.operation, at: waiting.at };
    if (!session.value) return refused.value;
    const { stage, runs } = session.value;
    const run = runs.carried?.run ?? underWay(stage)?.run;
    // What the alarm runs shows with the token.
    if (run?.by === 'person') return { kind: 'busy', id: run.id, operation: run.operation, at: run.at };
    const last = lastOutcome(runs);
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
  const left: Model['left'] = new Map();
  /** Marks what went well of what was sent. */
  const follow = () => {
    const last = session.value && lastOutcome(session.value.runs);
    const its = last?.verdict === 'done' ? sent.value.find(({ id, done }) => id === last.id && !done) : undefined;
    if (its) sent.value = sent.value.map((one) => (one === its ? { ...one, done: true } : one));
  };

  let owner: string | null = null;
  let site: string | null = null;
  /** Closes what belongs to another page than the one that is shown now. */
  const own = () => {
    if (!session.value) return;
    const { stage, page, visit } = session.value;
    // A form belongs to the document and the client that it was opened on.
    const next = stage.phase === 'attached' ? `${page.document} ${stage.client.ref}` : page.document !== null ? owner : null;
    if (next !== owner) form.value = null;
    owner = next;
    // What was typed on one site is no other's matter.
    if (site !== null && visit.origin !== site) {
      sent.value = [];
      left.clear();
    }
    site = visit.origin;
  };

  /** Lets go of the waiting command once the session tells of its end. */
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
      // Unanswered commands again: the background and the agent take each id once.
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
        case 'kept': {
          const { id, undo, failed } = message;
          const waiting = keeping.get(id);
          if (!waiting) return;
          waiting.undone = { undo: [...waiting.undone.undo, ...undo], failed: [...waiting.undone.failed, ...failed] };
          waiting.left -= undo.length + failed.length;
          if (waiting.left <= 0) waiting.end(null);
          return;
        }
        case 'answer':
          if (message.problem) keeping.get(message.id)?.end(message.problem);
          if (reading?.id === message.id) reading = null;
          if (pending.value?.message.id !== message.id) return;
          if (message.problem) refuse(pending.value.message, message.problem, false);
          else {
            // It is not sent again: what was typed in secret is let go of.
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

  // Each second on the second of the token's life would drift between values; on the clock's own second all tick as one.
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
    left,
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
    keep: (changes, origin) =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID();
        const waiting = {
          left: changes.length,
          undone: { undo: [], failed: [] } as Undone,
          end(problem: Problem | null) {
            clearTimeout(timer);
            keeping.delete(id);
            if (problem) reject(new ProblemError(problem));
            else resolve(waiting.undone);
          },
        };
        const timer = setTimeout(() => waiting.end(UNKEPT), KEEP_PATIENCE);
        keeping.set(id, waiting);
        port.send({ type: 'keep', id, origin, changes });
      }),
    showing(next) {
      shown = next;
      port.send({ type: 'showing', showing: next });
    },
    send: (message) => port.send(message),
  };
}
