/** Asks one agent, and gives it first what it lacks: what to look for, what drives a client, and a bell on watched sites. */
import type { AgentReply, AgentRequest } from '../page/wire';
import type { Carrier, Frame } from './carrier';
import type { Reach } from './reach';
import type { SettingsStore } from './settings';

export interface Asking {
  /** @throws {ProblemError} */
  ask(carrier: Carrier, asked: AgentRequest, frame: Frame): Promise<AgentReply>;
  /** @param anew its agent may ring by a bell that no relay hears, and is given one again */
  rung(anew: boolean): void;
}

/** A request that only lists a document's SDKs, and tells the page nothing about any site. */
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
  /** By origin: two exchanges at once hang the same bell, and no site hears another's. */
  const bells = new Map<string, string>();
  /** False: the page's agent may watch and have no relay that hears it. */
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

  return {
    ask,
    rung(anew) {
      hung = !anew;
    },
  };
}
