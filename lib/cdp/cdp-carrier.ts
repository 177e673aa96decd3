/** The carrier over a debugging connection: reaches every frame, and needs no permission. */
import { type Carrier, type Frame, readable } from '../background/carrier';
import { frameAddresses, missedFrames } from '../page/frames';
import { readMarkup } from '../page/markup';
import { type AgentRequest, CLIENT_SCRIPT } from '../page/wire';
import { parseAgentReply, parseMarkup } from '../protocol/agent';
import { askAgent } from '../protocol/agent-answer';
import type { Place } from './place';

/** @param place the connected target. @throws {ProblemError} while there is none */
export function cdpCarrier(place: () => Place): Carrier {
  const ask = (at: Place, request: AgentRequest, frame: Frame) =>
    askAgent(
      request,
      () => at.call(frame, request),
      async (scripts) => {
        await at.run(frame, scripts);
        return at.call(frame, request);
      },
    );
  return {
    exchange: async (request, frame) => parseAgentReply(await ask(place(), request, frame)),
    equip: async (frame) => place().run(frame, [CLIENT_SCRIPT]),
    hang: async (frame, bell) => place().hang(frame, bell),
    async markup(frame) {
      const told = await place().evaluate(frame, readMarkup);
      return told === null ? null : parseMarkup(told);
    },
    async list(request) {
      const at = place();
      const frames = at.frames();
      // A frame that is gone by now, or never answers, must not hide the others.
      const answers = await Promise.all(frames.map(async (frame) => ({ frame, answer: await ask(at, request, frame).catch(() => null) })));
      const told = await Promise.all(frames.map((frame) => at.evaluate(frame, frameAddresses).catch(() => null)));
      return { frames: readable(answers), beyond: missedFrames(told) };
    },
  };
}
