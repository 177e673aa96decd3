import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSurveyor } from '@/components/state/survey';
import type { ViewMessage } from '@/lib/protocol/view-message';
import { parseViewMessage } from '@/lib/protocol/view-message';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function asked() {
  const sent: ViewMessage[] = [];
  const surveyor = createSurveyor((message) => sent.push(message));
  const ended = vi.fn();
  void surveyor.survey().then(ended);
  const [message] = sent;
  if (message?.type !== 'survey') throw new Error('nothing was asked');
  return { surveyor, ended, message };
}

it('ends with its own answer, and ignores other messages', async () => {
  const { surveyor, ended, message } = asked();
  expect(parseViewMessage(message)).toEqual(message);
  expect(surveyor.take({ type: 'answer', id: 'another', problem: null })).toBe(false);
  expect(surveyor.take({ type: 'patch', patch: {} })).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(ended).not.toHaveBeenCalled();
  expect(surveyor.take({ type: 'answer', id: message.id, problem: null })).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(ended).toHaveBeenCalledOnce();
  expect(surveyor.take({ type: 'answer', id: message.id, problem: null })).toBe(false);
});

it('ends after three seconds without an answer', async () => {
  const { ended } = asked();
  await vi.advanceTimersByTimeAsync(2999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toHaveBeenCalledOnce();
});
