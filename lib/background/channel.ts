/** The way to one tab's page: chooses the carrier, keeps a request waiting there while anybody looks, sends commands. */

import type { AgentCommand, AgentReply, AgentRequest, Report } from '../page/wire';
import { MovedError } from '../protocol/agent';
import { tableOf } from '../sdk/dialects';
import { type Problem, problemOf } from '../session/problem';
import type { Listed } from '../session/session';
import type { Access } from '../session/terms';
import type { Carrier, Frame } from './carrier';
import type { PanelCarrier } from './panel-carrier';
import type { Registry } from './registry';
import type { SettingsStore } from './settings';
import { createTyped } from './typed';
import type { Watching } from './watching';

/** How long one request waits for news (ms): under the agent's lease, and under the 30 s after which a worker is stopped. */
const WAIT = 5000;
/** The pause before trying again where the page is navigating (ms). */
const SOON = 150;
/** The pauses before asking again (ms): between two documents, a page that does not answer or answers rubbish, one that cannot be looked into. */
const PAUSES = { between: SOON, silent: 500, lost: 1000 } as const;
/** The pause between two questions to a page whose own timers were not seen to ring (ms). */
const POLL = 250;
/** The pause between two requests that brought news (ms). */
const BREATH = 30;
/** An open panel connects again within this time (ms). */
const PANEL_COMES = 1000;
/** So many times in a row a page may be gone between two documents, before that is told. */
const GONE_PATIENCE = 12;
/** Requests that collect what a reading brings while nobody looks: the SDK answers in its own time. */
const COLLECT = 3;
/** The pause between two looks through all frames of a page that has some (ms). */
const SURVEY = 1000;

export interface Channel {
  /** Whether a view shows the tab just now. */
  showing(showing: boolean): void;
  /** A panel came or went. */
  panel(carrier: PanelCarrier | null): void;
  /** Something may have changed (a click on the toolbar, a navigation): try again. */
  probe(): Promise<void>;
  /** Looks through all frames now. */
  survey(): Promise<void>;
  /** The browser says that the tab shows a page of that origin. */
  navigated(origin: string): Promise<void>;
  /** Sends a command now, and stays until what it brings is known. */
  send(command: AgentCommand): Promise<void>;
  /** A person chose another client: `ref` in `document`. */
  choose(document: string, ref: number): Promise<void>;
  /** What is to be looked for has changed: the page is asked at once. */
  lookAnew(): Promise<void>;
  /** The browser's permissions changed. */
  permitted(): Promise<void>;
  /** The relay of a watched page rang: its agent has news. @param anew the page may have no relay, or one of a version before */
  rung(anew?: boolean): Promise<void>;
  /** The browser's cookies changed: they are read again. */
  cookies(): Promise<void>;
  /** The tab is gone: nothing is asked or applied any more. */
  close(): void;
}

/** `reached`: answered. `silent`: reached, and no answer. `between`: between two documents. `lost`: no way there. */
type Exchanged = 'reached' | 'silent' | 'between' | 'lost';

/** A command on its way. `refused`: no page had it so far. `asked`: one is being asked. `unknown`: one may have it. */
interface Sending {
  readonly command: AgentCommand;
  fate: 'refused' | 'asked' | 'unknown';
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a report is a reason to read the document's markup: an SDK is ready there, or the document has said all that it will. */
const asksForMarkup = (report: Report): boolean =>
  report.kind === 'page' && (report.absent || report.load === 'loaded' || report.clients.some(({ state }) => state === 'ready'));

/** Where a document stands, in the words of the carrier that reaches it. */
interface Standing {
  readonly carrier: Carrier;
  readonly frame: Frame;
}

/** What the channels of all tabs share. */
export interface Surroundings {
  readonly settings: SettingsStore;
  readonly watching: Pick<Watching, 'has' | 'cookies'>;
}

/** The channel of one tab. `scripting` is tried first after a toolbar click; a panel comes and goes. */
export function createChannel(tab: number, registry: Registry, scripting: Carrier, { settings, watching }: Surroundings): Channel {
  let panel: PanelCarrier | null = null;
  /** Whether the toolbar click's grant was seen to hold, and what the browser said when it was seen not to. */
  let visit = false;
  /** How often the browser's permissions changed: an answer to what was asked before says nothing of them. */
  let epoch = 0;
  let denied: Problem | null = null;
  /** DevTools was not let into the page, which a click on the toolbar button may open: a sandboxed one. */
  let shut = false;
  /** Whether the tab's site is watched, as it was for the site that it showed then. */
  let watch: { readonly site: string | null; readonly granted: boolean } | null = null;
  let showing = false;
  let pumping = false;
  let again = false;
  let closed = false;
  let between = 0;
  /** Whether the page can keep a request until there is news. */
  let mayWait = false;
  /** How long the last answer took to be applied (ms). */
  let taken = 0;
  /** Where the documents of the last survey stand, and who reaches them there. */
  let frames = new Map<string, Standing>();
  let surveying = false;
  /** By origin: two exchanges at once hang the same bell, and no site hears another's. */
  const bells = new Map<string, string>();
  /** How often the relay rang since it was last answered in full. */
  let rings = 0;
  /** False: the page's agent may watch and have no relay that hears it. */
  let hung = true;
  let leaveWait: () => void = () => undefined;

  const typed = createTyped();
  const observed = (): boolean => showing || watch?.granted === true;
  const access = (): Access => (watch?.granted ? 'watched' : visit ? 'visit' : panel ? 'panel' : 'none');

  /** Whether the tab's site is watched; asked again when the site or the browser's permissions change. */
  async function watched(site: string | null): Promise<boolean> {
    if (!watch || (site !== null && watch.site !== site)) watch = { site, granted: await watching.has(tab) };
    return watch?.granted === true;
  }

  /** What the browser itself tells of the SDK's cookies, after each reading that may have changed them. */
  async function readJar(): Promise<void> {
    const {
      stage,
      visit: { origin },
    } = await registry.get(tab);
    const prefix = stage.phase === 'attached' ? tableOf(stage.client.dialect)?.cookies : undefined;
    if (origin === null || prefix === undefined) return;
    const cookies = await watching.cookies(tab, origin, prefix).catch(() => null);
    await registry.apply(tab, { type: 'jar', origin, cookies });
  }

  /** What the document itself says of its SDK. A page that went away meanwhile does not matter. */
  async function askMarkup(carrier: Carrier, frame: Frame, asked: AgentReply): Promise<void> {
    const told = await carrier.markup(frame).catch(() => null);
    if (told?.origin !== asked.origin) return;
    const { origin: _, ...markup } = told;
    await registry.apply(tab, { type: 'markup', document: asked.document, markup }).catch(storeFailed);
  }

  async function request(wait: number, command?: AgentCommand): Promise<AgentRequest> {
    const {
      stage,
      page: { cursor, document },
      visit: { origin },
    } = await registry.get(tab);
    const client = stage.phase === 'attached' ? stage.client.ref : null;
    // What is known of a document, and what is to be done in it, goes to its own origin only.
    const meant = command && command.kind !== 'read' ? command.origin : document === null ? null : origin;
    return { origin: meant, now: Date.now(), cursor, document, wait, showing, client, ...(command && { command }) };
  }

  /** Asks one agent, and gives it first what it lacks: what to look for, and what drives a client. @throws {ProblemError} */
  async function ask(carrier: Carrier, asked: AgentRequest, frame: Frame): Promise<AgentReply> {
    let reply = await carrier.exchange(asked, frame);
    const setup = await settings.setup(reply.origin);
    if (reply.setup !== setup.id) reply = await carrier.exchange({ ...asked, origin: reply.origin, setup }, frame);
    if (reply.bare && !asked.list) {
      await carrier.equip(frame);
      reply = await carrier.exchange(asked, frame);
    }
    const watches = watch?.granted === true && carrier === scripting;
    if (asked.list || (reply.watching === watches && (hung || !watches))) return reply;
    hung = true;
    // A page that was there before its site was watched, or is watched no more.
    const bell = watches ? bellOf(reply.origin) : null;
    if (bell !== null) await carrier.hang?.(frame, bell);
    return carrier.exchange({ ...asked, origin: reply.origin, wait: 0, watch: bell }, frame);
  }

  function bellOf(origin: string): string {
    const bell = bells.get(origin) ?? `synerise.inspector.${crypto.randomUUID()}`;
    bells.set(origin, bell);
    return bell;
  }

  /** A request that only lists a document's SDKs, and tells the page nothing about any site. */
  const looking = (): AgentRequest => ({
    origin: null,
    now: Date.now(),
    cursor: 0,
    document: null,
    wait: 0,
    showing: false,
    client: null,
    list: true,
  });

  /** The document in a frame that is shown; `null` for the top frame's. */
  const target = async () => (await registry.get(tab)).tab.target?.document ?? null;

  /** All ways there are, best first: what one does not reach another may, such as sandboxed frames. */
  function carriers(): Carrier[] {
    const ways = watch?.granted ? [scripting, panel] : panel ? [panel, visit ? scripting : null] : [scripting];
    return ways.filter((way) => way !== null && !(way === scripting ? denied : shut && visit)) as Carrier[];
  }

  /** Who reaches a document, and where; `null` for the top frame's. */
  function standingOf(document: string | null): Standing | null {
    const known = document === null ? undefined : frames.get(document);
    if (known && carriers().includes(known.carrier)) return known;
    const [carrier] = carriers();
    return carrier && document === null ? { carrier, frame: null } : null;
  }

  /** Asks by the best carrier there is, and applies the answer. @throws what the store throws */
  async function exchange(wait: number, sending?: Sending): Promise<Exchanged> {
    const command = sending?.command;
    if (closed) return 'lost';
    if (!carriers().length) return denied ? fail(denied) : 'lost';
    let asked: string | null = null;
    let carrier: Carrier | null = null;
    const asOf = epoch;
    try {
      await watched((await registry.get(tab)).tab.site);
      asked = await target();
      if (asked !== null && !standingOf(asked)) await survey();
      asked = await target();
      const whole = await request(wait, command);
      // An operation was asked of one document, and runs in no other.
      if (command?.kind === 'run' && whole.document !== command.document) return 'reached';
      const standing = standingOf(asked);
      if (!standing) return 'between';
      carrier = standing.carrier;
      if (command) typed.sent(command);
      if (sending) sending.fate = sending.fate === 'refused' ? 'asked' : 'unknown';
      const reply = typed.without(await ask(carrier, whole, standing.frame));
      // An agent refuses what was meant for another document.
      if (sending?.fate === 'asked' && command?.kind === 'run' && reply.document !== command.document) sending.fate = 'refused';
      if (closed) return 'lost';
      // Another document is shown meanwhile: what is said of this one tells nothing of that.
      if ((await target()) !== asked) return 'reached';
      // Let in by a permission that may be gone by now.
      if (asOf !== epoch) return 'between';
      if (carrier === scripting) visit = true;
      between = 0;
      mayWait = carrier !== scripting || reply.waits;
      await watched(asked === null ? reply.origin : (await registry.get(tab)).tab.site);
      const arrived = performance.now();
      await registry.apply(
        tab,
        { type: 'access', access: access() },
        { type: 'observed', observed: observed() },
        { type: 'reply', reply, target: asked },
        { type: 'policy', policy: await settings.policy(reply.origin) },
      );
      taken = performance.now() - arrived;
      if (reply.reports.some(({ kind }) => kind === 'sample')) void readJar().catch(storeFailed);
      if (reply.reports.some(asksForMarkup)) void askMarkup(carrier, standing.frame, reply);
      void surveys();
      return 'reached';
    } catch (error) {
      if (error instanceof MovedError && asked === null) {
        await navigated(error.origin);
        return 'between';
      }
      let problem = problemOf(error);
      // A frame that went away: the survey shows another in its place, or finds out why nothing is reached any more.
      if ((await target()) !== asked) return 'between';
      if (['gone', 'access', 'forbidden'].includes(problem.kind) && asked !== null) {
        await survey().catch((reason: unknown) => {
          problem = problemOf(reason);
        });
        if ((await target()) !== asked) return 'between';
      }
      if (carrier === scripting && (problem.kind === 'access' || problem.kind === 'forbidden')) {
        visit = false;
        denied = problem;
        // The panel reaches it still.
        if (carriers().length) return 'between';
      }
      if (carrier === panel && problem.kind === 'forbidden' && asked === null) {
        shut = true;
        if (visit) return 'between';
      }
      return fail(problem);
    }
  }

  /** Looks through all frames, and tells what stands in them. @throws {ProblemError} */
  async function survey(): Promise<void> {
    const asked = looking();
    const documents: Listed[] = [];
    const places = new Map<string, Standing>();
    const tried = await Promise.allSettled(carriers().map(async (carrier) => ({ carrier, list: await carrier.list(asked) })));
    const lists = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [failed] = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (!lists.length) throw failed;
    for (const { carrier, list } of lists) {
      for (const { frame, reply } of list.frames) {
        // Asked again by itself, so that a site's settings stay with the site.
        const whole = reply.setup === (await settings.setup(reply.origin)).id ? reply : await ask(carrier, asked, frame).catch(() => null);
        const [page] = whole?.reports ?? [];
        // Reached in two ways, or two frames of one address that answer as one.
        if (!whole || page?.kind !== 'page' || places.has(whole.document)) continue;
        places.set(whole.document, { carrier, frame });
        documents.push({ document: whole.document, frame, origin: whole.origin, path: whole.path, clients: page.clients });
      }
    }
    frames = places;
    // What one does not reach, or tell apart, another may.
    const [{ list: widest }] = lists.toSorted((a, b) => a.list.beyond.length - b.list.beyond.length) as [(typeof lists)[number]];
    if (!closed) await registry.apply(tab, { type: 'listed', documents, beyond: widest.beyond });
  }

  /** Surveys again and again while a view shows a page with frames. One loop. */
  async function surveys(): Promise<void> {
    if (surveying) return;
    surveying = true;
    try {
      while (showing && !closed) {
        const before = await target();
        if (!(await registry.get(tab)).page.frames && before === null) break;
        // Why it failed shows in the exchange that runs beside it.
        await survey().catch(() => undefined);
        if ((await target()) !== before) retarget();
        await pause(SURVEY);
      }
    } finally {
      surveying = false;
    }
  }

  async function fail(problem: Problem): Promise<Exchanged> {
    if (closed) return 'lost';
    if (problem.kind === 'bug') console.error(problem.message);
    // A navigation, or a panel that closed: the next round finds the new document, or the other carrier.
    if (problem.kind === 'gone' && problem.code) {
      between += 1;
      if (between % GONE_PATIENCE === 0) await registry.apply(tab, { type: 'lost', problem });
      return 'between';
    }
    const isLost = problem.kind === 'access' || problem.kind === 'forbidden' || problem.kind === 'gone';
    if (isLost) watch = null;
    // A page that answers in the agent's place, or keeps it from running, is not the one that was known.
    const isOver = isLost || problem.kind === 'hostile';
    await registry.apply(tab, { type: 'access', access: access() }, isOver ? { type: 'lost', problem } : { type: 'silent', problem });
    return isLost ? 'lost' : 'silent';
  }

  /** The tab shows a page of that origin now: what was known of another's ends at once, and the page is asked. */
  async function navigated(origin: string): Promise<void> {
    await registry.apply(tab, { type: 'navigated', origin });
  }

  async function wanted(): Promise<boolean> {
    if (closed) return false;
    if (showing) return true;
    const { stage } = await registry.get(tab);
    return stage.phase === 'attached' && stage.activity.kind !== 'idle';
  }

  /** Another document is shown: what waits in the one before is not waited for. */
  function retarget(): void {
    leaveWait();
    void pump();
  }

  /** Tells the agent that nobody looks any more, so that it unwraps the page's methods at once. */
  async function release(): Promise<void> {
    const last = await request(0);
    const standing = standingOf(await target());
    if (!showing && standing) await standing.carrier.exchange(last, standing.frame).catch(() => undefined);
  }

  /** Keeps a request waiting in the page while it is wanted. One loop: a call while it runs makes it look once more. */
  async function pump(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again) {
        again = false;
        // The first answer comes at once, so that a view is filled at once.
        for (let wait = 0; await wanted(); ) {
          let leaving = false;
          const left = new Promise<'left'>((resolve) => {
            leaveWait = () => {
              leaving = true;
              resolve('left');
            };
          });
          const exchanged = await Promise.race([exchange(wait).catch(storeFailed), left]);
          if (exchanged === 'left') {
            wait = 0;
            continue;
          }
          if (exchanged === 'lost' && !panel) break;
          // A page that does not answer is asked again in a while; one that always has news gets a quarter of the time.
          const rest = exchanged !== 'reached' ? PAUSES[exchanged] : !mayWait ? POLL : wait > 0 ? Math.max(BREATH, 3 * taken) : 0;
          if (rest > 0) await Promise.race([left, pause(rest)]);
          wait = exchanged === 'reached' && mayWait && !leaving ? WAIT : 0;
        }
      }
    } finally {
      pumping = false;
    }
  }

  async function probe(): Promise<void> {
    // With a panel open nothing else tries the click's grant, nor notices that it ended with the origin.
    if (visit && !panel) {
      // Firefox never answers what waits in a document that is left.
      retarget();
      return;
    }
    denied = null;
    if (panel) {
      visit = await ask(scripting, looking(), null).then(
        () => true,
        () => false,
      );
      await watched((await registry.get(tab)).tab.site);
      await registry.apply(tab, { type: 'access', access: access() }).catch(storeFailed);
    }
    void pump();
  }

  return {
    showing(next) {
      const was = showing;
      showing = next;
      if (was !== next) void registry.apply(tab, { type: 'observed', observed: observed() }).catch(storeFailed);
      if (was && !next && (visit || watch?.granted)) void release();
      void pump();
    },
    panel(carrier) {
      panel = carrier;
      shut = false;
      void pump();
    },
    probe,
    async survey() {
      const {
        page: { frames: within },
        tab: { target: framed },
      } = await registry.get(tab);
      // Why it failed shows in the exchange that runs beside it.
      if (within || framed) await survey().catch(() => undefined);
    },
    async navigated(origin) {
      await navigated(origin).catch(storeFailed);
      denied = null;
      shut = false;
      retarget();
    },
    cookies: async () => void (await readJar().catch(storeFailed)),
    async send(command) {
      // A worker that an alarm woke is there before the panel has connected again.
      const {
        tab: { access: before },
      } = await registry.get(tab);
      if (!panel && before === 'panel') await pause(PANEL_COMES);
      const sending: Sending = { command, fate: 'refused' };
      let exchanged = await exchange(0, sending).catch(storeFailed);
      // Between two documents nobody took it; in a new one the agent refuses it.
      for (let tries = 1; exchanged === 'between' && tries < GONE_PATIENCE; tries += 1) {
        await pause(SOON);
        exchanged = await exchange(0, sending).catch(storeFailed);
      }
      if (command.kind === 'run')
        await registry.apply(tab, { type: 'unsent', id: command.id, surely: sending.fate === 'refused' }).catch(storeFailed);
      if (command.kind === 'read' && !(await wanted())) {
        for (let round = 0; round < COLLECT && exchanged === 'reached'; round += 1) exchanged = await exchange(WAIT).catch(storeFailed);
        await registry.apply(tab, { type: 'unanswered' }).catch(storeFailed);
      }
      void pump();
    },
    async choose(document, ref) {
      const before = await target();
      await registry.apply(tab, { type: 'choose', document, ref }).catch(storeFailed);
      if ((await target()) !== before) retarget();
    },
    async lookAnew() {
      const {
        visit: { origin },
      } = await registry.get(tab);
      if (origin !== null) await registry.apply(tab, { type: 'policy', policy: await settings.policy(origin) }).catch(storeFailed);
      retarget();
    },
    async permitted() {
      epoch += 1;
      watch = null;
      visit = false;
      denied = null;
      await probe();
      await readJar().catch(storeFailed);
      retarget();
      // Nobody looks: what is left of the access is found out all the same.
      if (!(await wanted())) await exchange(0).catch(storeFailed);
    },
    async rung(anew = false) {
      hung = !anew;
      // A request waits in the page already, and has the news.
      if (pumping && !anew) return;
      rings += 1;
      // A page may ring without end: it is asked once more after this time.
      if (rings > 1 && !anew) return;
      denied = null;
      let exchanged: Exchanged = 'between';
      for (let tries = 0, heard = 0; heard < rings || (exchanged === 'between' && tries < GONE_PATIENCE); tries += 1) {
        if (tries > 0) await pause(Math.max(SOON, 3 * taken));
        heard = rings;
        exchanged = await exchange(0).catch(storeFailed);
      }
      rings = 0;
      const {
        stage,
        page: { frames: count },
      } = await registry.get(tab);
      if (exchanged === 'reached' && stage.phase !== 'attached' && count > 0) {
        await survey().catch(() => undefined);
        if ((await target()) !== null) await exchange(0).catch(storeFailed);
      }
      void pump();
    },
    close() {
      closed = true;
    },
  };
}

/** What could not be stored was not told either: the same news come with the next request. */
function storeFailed(error: unknown): Exchanged {
  console.error(problemOf(error).message);
  return 'silent';
}
