/** Sends requests to an agent, and first gives it what it lacks: the setup, the driver and, on watched sites, a bell. */
import type { AgentReply, AgentRequest } from '../page/wire';
import type { Carrier, Frame } from './carrier';
import type { Reach } from './reach';
import type { SettingsStore } from './settings';

export interface Asking {
  /** @throws {ProblemError} */
  ask(carrier: Carrier, asked: AgentRequest, frame: Frame): Promise<AgentReply>;
  /** A relay signaled that its agent has new reports. @param anew the page may have lost its relay: the next request adds it again */
  rung(anew: boolean): void;
}

/** A request that only lists a document's SDKs and contains nothing about any site. */
export const looking = (): AgentRequest => ({
  origin: null,
  now: Date.now(),
  cursor: 0,
  document: null,
  wait: 0,
  showing: false,
  client: null,
  list: true,
});

export function createAsking(scripting: Carrier, reach: Reach, settings: SettingsStore): Asking {
  /** Bell names by origin: concurrent exchanges use the same bell, and no site learns another's. */
  const bells = new Map<string, string>();
  /** False if the page's agent may be watching without a relay that listens to it. */
  let hung = true;

  async function ask(carrier: Carrier, asked: AgentRequest, frame: Frame): Promise<AgentReply> {
    let reply = await carrier.exchange(asked, frame);
    const setup = await settings.setup(reply.origin);
    if (reply.setup !== setup.id) reply = await carrier.exchange({ ...asked, origin: reply.origin, setup }, frame);
    if (reply.bare && !asked.list) {
      await carrier.equip(frame);
      reply = await carrier.exchange(asked, frame);
    }
    const watches = reach.isWatched() && carrier === scripting;
    if (asked.list || (reply.watching === watches && (hung || !watches))) return reply;
    hung = true;
    // The page was loaded before its site was watched, or its site is no longer watched.
    const bell = watches ? bellOf(reply.origin) : null;
    if (bell !== null) await carrier.hang?.(frame, bell);
    return carrier.exchange({ ...asked, origin: reply.origin, wait: 0, watch: bell }, frame);
  }

  function bellOf(origin: string): string {
    const bell = bells.get(origin) ?? `synerise.inspector.${crypto.randomUUID()}`;
    bells.set(origin, bell);
    return bell;
  }

  return {
    ask,
    rung(anew) {
      hung = !anew;
    },
  };
}
