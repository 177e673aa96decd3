/** The way to one tab's page: keeps a request waiting there while anybody looks, sends commands, and tells the session what comes. */

import type { AgentCommand, AgentReply, AgentReport, AgentRequest } from '../page/wire';
import { MovedError } from '../protocol/agent';
import { tableOf } from '../sdk/dialects';
import { type Problem, problemOf } from '../session/problem';
import { underWay } from '../session/session';
import { createAsking, looking } from './asking';
import type { Carrier, Frame } from './carrier';
import { createFrames } from './frames';
import { logProblem } from './log';
import type { PanelCarrier } from './panel-carrier';
import type { Watching } from './platform';
import { createPump, type Exchanged, pause, SOON, WAIT } from './pump';
import { createReach } from './reach';
import type { Registry } from './registry';
import type { SettingsStore } from './settings';
import { createTyped } from './typed';

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

/** A command on its way. `refused`: no page had it so far. `asked`: one is being asked. `unknown`: one may have it. */
interface Sending {
  readonly command: AgentCommand;
  fate: 'refused' | 'asked' | 'unknown';
}

/** Whether a report is a reason to read the document's markup: an SDK is ready there, or the document has said all that it will. */
const asksForMarkup = (report: AgentReport): boolean =>
  report.kind === 'page' && (report.absent || report.load === 'loaded' || report.clients.some(({ state }) => state === 'ready'));

/** What the channels of all tabs share. */
export interface ChannelNeeds {
  readonly settings: SettingsStore;
  readonly watching: Pick<Watching, 'has' | 'cookies'>;
}

/** The channel of one tab. `scripting` is tried first after a toolbar click; a panel comes and goes. */
export function createChannel(tab: number, registry: Registry, scripting: Carrier, { settings, watching }: ChannelNeeds): Channel {
  const reach = createReach(tab, scripting, watching);
  const asking = createAsking(scripting, reach, settings);
  const frames = createFrames(asking, reach, settings);
  const pump = createPump({
    isWanted,
    exchange: (wait) => exchange(wait).catch(storeFailed),
    mayComeBack: reach.hasPanel,
    mayWait: () => mayWait,
    taken: () => taken,
  });
  const typed = createTyped();
  let showing = false;
  let closed = false;
  let between = 0;
  /** Whether the page can keep a request until there is news. */
  let mayWait = false;
  /** How long the last answer took to be applied (ms). */
  let taken = 0;
  let surveying = false;
  /** How often the relay rang since it was last answered in full. */
  let rings = 0;

  const access = () => ({ type: 'access', access: reach.access() }) as const;
  const observed = () => ({ type: 'observed', observed: showing || reach.isWatched() }) as const;

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

  /** The document in a frame that is shown; `null` for the top frame's. */
  const target = async () => (await registry.get(tab)).tab.target?.document ?? null;

  /** Asks by the best carrier there is, and applies the answer. @throws what the store throws */
  async function exchange(wait: number, sending?: Sending): Promise<Exchanged> {
    const command = sending?.command;
    if (closed) return 'lost';
    if (!reach.carriers().length) {
      const denied = reach.denied();
      return denied ? fail(denied) : 'lost';
    }
    let asked: string | null = null;
    let carrier: Carrier | null = null;
    const asOf = reach.epoch();
    try {
      await reach.look((await registry.get(tab)).tab.site);
      asked = await target();
      if (asked !== null && !frames.standingOf(asked)) await survey();
      asked = await target();
      const whole = await request(wait, command);
      // An operation was asked of one document, and runs in no other.
      if (command?.kind === 'run' && whole.document !== command.document) return 'reached';
      const standing = frames.standingOf(asked);
      if (!standing) return 'between';
      carrier = standing.carrier;
      if (command) typed.sent(command);
      if (sending) sending.fate = sending.fate === 'refused' ? 'asked' : 'unknown';
      const reply = typed.without(await asking.ask(carrier, whole, standing.frame));
      // An agent refuses what was meant for another document.
      if (sending?.fate === 'asked' && command?.kind === 'run' && reply.document !== command.document) sending.fate = 'refused';
      if (closed) return 'lost';
      // Another document is shown meanwhile: what is said of this one tells nothing of that.
      if ((await target()) !== asked) return 'reached';
      // Let in by a permission that may be gone by now.
      if (asOf !== reach.epoch()) return 'between';
      reach.reached(carrier);
      between = 0;
      mayWait = carrier !== scripting || reply.waits;
      await reach.look(asked === null ? reply.origin : (await registry.get(tab)).tab.site);
      const arrived = performance.now();
      await registry.apply(
        tab,
        access(),
        observed(),
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
      if (carrier && reach.refused(carrier, problem, asked === null)) return 'between';
      return fail(problem);
    }
  }

  /** Looks through all frames, and tells what stands in them. @throws {ProblemError} */
  async function survey(): Promise<void> {
    const found = await frames.survey();
    if (!closed) await registry.apply(tab, { type: 'listed', ...found });
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
    if (isLost) reach.lost();
    // A page that answers in the agent's place, or keeps it from running, is not the one that was known.
    const isOver = isLost || problem.kind === 'hostile';
    await registry.apply(tab, access(), isOver ? { type: 'lost', problem } : { type: 'silent', problem });
    return isLost ? 'lost' : 'silent';
  }

  /** The tab shows a page of that origin now: what was known of another's ends at once, and the page is asked. */
  async function navigated(origin: string): Promise<void> {
    await registry.apply(tab, { type: 'navigated', origin });
  }

  async function isWanted(): Promise<boolean> {
    if (closed) return false;
    if (showing) return true;
    const { stage } = await registry.get(tab);
    return underWay(stage) !== null;
  }

  /** Another document is shown: what waits in the one before is not waited for. */
  function retarget(): void {
    pump.leave();
    void pump.run();
  }

  /** Tells the agent that nobody looks any more, so that it unwraps the page's methods at once. */
  async function release(): Promise<void> {
    const last = await request(0);
    const standing = frames.standingOf(await target());
    if (!showing && standing) await standing.carrier.exchange(last, standing.frame).catch(() => undefined);
  }

  async function probe(): Promise<void> {
    // With a panel open nothing else tries the click's grant, nor notices that it ended with the origin.
    if (reach.isVisited() && !reach.hasPanel()) {
      // Firefox never answers what waits in a document that is left.
      retarget();
      return;
    }
    reach.retry();
    if (reach.hasPanel()) {
      await asking.ask(scripting, looking(), null).then(
        () => reach.reached(scripting),
        () => reach.left(),
      );
      await reach.look((await registry.get(tab)).tab.site);
      await registry.apply(tab, access()).catch(storeFailed);
    }
    void pump.run();
  }

  return {
    showing(next) {
      const was = showing;
      showing = next;
      if (was !== next) void registry.apply(tab, observed()).catch(storeFailed);
      if (was && !next && reach.isOpen()) void release();
      void pump.run();
    },
    panel(carrier) {
      reach.panel(carrier);
      void pump.run();
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
      reach.moved();
      retarget();
    },
    cookies: async () => void (await readJar().catch(storeFailed)),
    async send(command) {
      // A worker that an alarm woke is there before the panel has connected again.
      const { access: before } = (await registry.get(tab)).tab;
      if (!reach.hasPanel() && before === 'panel') await pause(PANEL_COMES);
      const sending: Sending = { command, fate: 'refused' };
      let exchanged = await exchange(0, sending).catch(storeFailed);
      // Between two documents nobody took it; in a new one the agent refuses it.
      for (let tries = 1; exchanged === 'between' && tries < GONE_PATIENCE; tries += 1) {
        await pause(SOON);
        exchanged = await exchange(0, sending).catch(storeFailed);
      }
      if (command.kind === 'run')
        await registry.apply(tab, { type: 'unsent', id: command.id, surely: sending.fate === 'refused' }).catch(storeFailed);
      if (command.kind === 'read' && !(await isWanted())) {
        for (let round = 0; round < COLLECT && exchanged === 'reached'; round += 1) exchanged = await exchange(WAIT).catch(storeFailed);
        await registry.apply(tab, { type: 'unanswered' }).catch(storeFailed);
      }
      void pump.run();
    },
    async choose(document, ref) {
      const before = await target();
      await registry.apply(tab, { type: 'choose', document, ref }).catch(storeFailed);
      if ((await target()) !== before) retarget();
    },
    async lookAnew() {
      const { origin } = (await registry.get(tab)).visit;
      if (origin !== null) await registry.apply(tab, { type: 'policy', policy: await settings.policy(origin) }).catch(storeFailed);
      retarget();
    },
    async permitted() {
      reach.permitted();
      await probe();
      await readJar().catch(storeFailed);
      retarget();
      // Nobody looks: what is left of the access is found out all the same.
      if (!(await isWanted())) await exchange(0).catch(storeFailed);
    },
    async rung(anew = false) {
      asking.rung(anew);
      // A request waits in the page already, and has the news.
      if (pump.isRunning() && !anew) return;
      rings += 1;
      // A page may ring without end: it is asked once more after this time.
      if (rings > 1 && !anew) return;
      reach.retry();
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
      void pump.run();
    },
    close() {
      closed = true;
    },
  };
}

/** What could not be stored was not told either: the same news come with the next request. */
function storeFailed(error: unknown): Exchanged {
  logProblem(error);
  return 'silent';
}
