import { expect, it } from 'vitest';
import { parseAgentReply } from '@/lib/protocol/agent';
import { answerOf, replyOf, sample, T0 } from '../fakes/make';

it('limits the number of facts in a sample', () => {
  const facts = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, i]));
  expect(() => parseAgentReply(answerOf(replyOf('d', 0, T0, [sample('u', { facts })])))).toThrow();
});
