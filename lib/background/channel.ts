/** The channel to one tab's page: keeps a request waiting in it while needed, sends commands, and applies replies to the session. */

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

/** How long to wait for an open panel to reconnect (ms). */
const PANEL_COMES = 1000;
/** How many times in a row a page may be gone between two documents before it is reported as lost. */
const GONE_PATIENCE = 12;
/** How many requests collect the results of a `read` while no view shows the tab, because the SDK may answer late. */
const COLLECT = 3;
/** The pause between two surveys of a page with frames (ms). */
const SURVEY = 1000;

export interface Channel {
  /** Sets whether a view currently shows the tab. */
  showing(showing: boolean): void;
  /** A panel connected, or disconnected (`null`). */
  panel(carrier: PanelCarrier | null): void;
  /** Tries again to reach the page, because something may have changed (a toolbar click, a navigation). */
  probe(): Promise<void>;
  /** Surveys all frames now. */
  survey(): Promise<void>;
  /** The browser reported that the tab shows a page of this origin. */
  navigated(origin: string): Promise<void>;
  /** Sends a command now. Resolves once the reply, or the failure to deliver the command, is in the session. */
  send(command: AgentCommand): Promise<void>;
  /** The user chose another client: `ref` in `document`. */
  choose(document: string, ref: number): Promise<void>;
  /** The settings changed: applies the site's policy and asks the page again at once. */
  lookAnew(): Promise<void>;
  /** The browser's permissions changed. */
  permitted(): Promise<void>;
  /** The relay of a watched page signaled that its agent has new reports. @param anew the page may have no relay, or one of an earlier version */
  rung(anew?: boolean): Promise<void>;
  /** The browser's cookies changed: reads them again. */
  cookies(): Promise<void>;
  /** The tab is gone: nothing more is sent or applied. */
  close(): void;
}

/** A command being sent. `refused`: no page has taken it so far. `asked`: sent to one page. `unknown`: a page may have taken it. */
interface Sending {
  readonly command: AgentCommand;
  fate: 'refused' | 'asked' | 'unknown';
}

/** Whether a report is a reason to read the document's markup: an SDK is ready, there is none, or the document has loaded. */
const asksForMarkup = (report: AgentReport): boolean =>
  report.kind === 'page' && (report.absent || report.load === 'loaded' || report.clients.some(({ state }) => state === 'ready'));

/** Dependencies that the channels of all tabs share. */
export interface ChannelNeeds {
  readonly settings: SettingsStore;
  readonly watching: Pick<Watching, 'has' | 'access' | 'cookies'>;
}

/** The channel of one tab. @param scripting the carrier that needs no panel; a panel adds its own while it is open */
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
  /** Whether the page can hold a request until there is news. */
  let mayWait = false;
  /** How long it took to apply the last reply (ms). */
  let taken = 0;
  let surveying = false;
  /** How often the relay has rung since its rings were last fully handled. */
  let rings = 0;

  const access = () => ({ type: 'access', access: reach.access() }) as const;
  const observed = () => ({ type: 'observed', observed: showing || reach.isWatched() }) as const;

  /** Reads the SDK's cookies from the browser's cookie store into the session. Called whenever they may have changed. */
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

  /** Reads the document's markup into the session. Does nothing if the page is gone by then. */
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
    // The cursor and commands of a document go to its own origin only.
    const meant = command && command.kind !== 'read' ? command.origin : document === null ? null : origin;
    return { origin: meant, now: Date.now(), cursor, document, wait, showing, client, ...(command && { command }) };
  }

  /** ID of the shown document if it is in a frame; `null` for the top document. */
  const target = async () => (await registry.get(tab)).tab.target?.document ?? null;
  const number = async () => (await registry.get(tab)).history.nth;

  /** Sends a request over the best available carrier and applies the reply. @throws what the store throws */
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
      const nth = await number();
      const whole = await request(wait, command);
      // An operation runs only in the document it was requested for.
      if (command?.kind === 'run' && whole.document !== command.document) return 'reached';
      const standing = frames.standingOf(asked);
      if (!standing) return 'between';
      carrier = standing.carrier;
      if (command) typed.sent(command);
      if (sending) sending.fate = sending.fate === 'refused' ? 'asked' : 'unknown';
      const reply = typed.without(await asking.ask(carrier, whole, standing.frame));
      // The agent refuses commands meant for another document.
      if (sending?.fate === 'asked' && command?.kind === 'run' && reply.document !== command.document) sending.fate = 'refused';
      if (closed) return 'lost';
      // Another document is shown by now: drop this reply.
      if ((await target()) !== asked) return 'reached';
      // The permission that allowed this request may have been revoked: drop the reply.
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
        { type: 'reply', reply, target: asked, nth },
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
      // The frame is gone: a survey selects another document, or finds out why none can be reached.
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

  /** Surveys all frames and applies the result to the session. @throws {ProblemError} */
  async function survey(): Promise<void> {
    const found = await frames.survey();
    if (!closed) await registry.apply(tab, { type: 'listed', ...found });
  }

  /** Surveys repeatedly while a view shows a page with frames. Only one such loop runs. */
  async function surveys(): Promise<void> {
    if (surveying) return;
    surveying = true;
    try {
      while (showing && !closed) {
        const before = await target();
        if (!(await registry.get(tab)).page.frames && before === null) break;
        // If it fails, the exchange that runs in parallel reports why.
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
    // A navigation, or a closed panel: the next round finds the new document or the other carrier.
    if (problem.kind === 'gone' && problem.code) {
      between += 1;
      if (between % GONE_PATIENCE === 0) await registry.apply(tab, { type: 'lost', problem });
      return 'between';
    }
    const isLost = problem.kind === 'access' || problem.kind === 'forbidden' || problem.kind === 'gone';
    if (isLost) reach.lost();
    // A page that answers in place of the agent, or keeps it from running, counts as lost, too.
    const isOver = isLost || problem.kind === 'hostile';
    await registry.apply(tab, access(), isOver ? { type: 'lost', problem } : { type: 'silent', problem });
    return isLost ? 'lost' : 'silent';
  }

  /** The tab now shows a page of this origin: the session of any other origin ends at once. */
  async function navigated(origin: string): Promise<void> {
    await registry.apply(tab, { type: 'navigated', origin });
  }

  async function isWanted(): Promise<boolean> {
    if (closed) return false;
    if (showing) return true;
    const { stage } = await registry.get(tab);
    return underWay(stage) !== null;
  }

  /** Another document is shown: stops waiting for the previous one and sends the next request. */
  function retarget(): void {
    pump.leave();
    void pump.run();
  }

  /** Tells the agent that no view shows the page any more, so that it unwraps the page's methods at once. */
  async function release(): Promise<void> {
    const last = await request(0);
    const standing = frames.standingOf(await target());
    if (!showing && standing) await standing.carrier.exchange(last, standing.frame).catch(() => undefined);
  }

  async function probe(): Promise<void> {
    // With a panel open, only the request below shows whether `activeTab` still covers the page: it ends when the origin changes.
    if (reach.isVisited() && !reach.hasPanel()) {
      // Firefox never settles a request that waits in a document the tab has left.
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
      // If it fails, the exchange that runs in parallel reports why.
      if (within || framed) await survey().catch(() => undefined);
    },
    async navigated(origin) {
      await navigated(origin).catch(storeFailed);
      reach.moved();
      retarget();
    },
    cookies: async () => void (await readJar().catch(storeFailed)),
    async send(command) {
      // If an alarm woke the worker, the panel may not have reconnected yet.
      const { access: before } = (await registry.get(tab)).tab;
      if (!reach.hasPanel() && before === 'panel') await pause(PANEL_COMES);
      const sending: Sending = { command, fate: 'refused' };
      pump.expect();
      let exchanged = await exchange(0, sending).catch(storeFailed);
      // Retry: between two documents no agent takes the command, and the agent of a new document refuses it.
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
      // The loop does not run while no view shows the tab: find out here which access is left.
      if (!(await isWanted())) await exchange(0).catch(storeFailed);
    },
    async rung(anew = false) {
      asking.rung(anew);
      // A request already waits in the page and returns the news.
      if (pump.isRunning() && !anew) return;
      rings += 1;
      // A page may ring endlessly: all rings during one request lead to a single further one, in the loop that already runs.
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

/** Logs a failed write. The cursor was not stored either, so the next request returns the same reports. */
function storeFailed(error: unknown): Exchanged {
  logProblem(error);
  return 'silent';
}
