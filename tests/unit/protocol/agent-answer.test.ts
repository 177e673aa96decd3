import { describe, expect, it } from 'vitest';
import { hasOnlyStarted, MAX_ANSWER } from '@/lib/protocol/agent-answer';
import { answerOf, type Draft, replyOf, sample, settled, started, T0 } from '../fakes/make';

const answer = (...drafts: Draft[]) => answerOf(replyOf('doc-1', 0, T0, drafts));

describe('hasOnlyStarted', () => {
  it.each<[string, unknown, boolean]>([
    ['its start', answer(started('op-1')), true],
    ['the start of another command', answer(started('op-2')), false],
    ['its start and its end', answer(started('op-1'), settled('op-1')), false],
    ['its end', answer(settled('op-1')), false],
    ['something else', answer(sample('started')), false],
    ['no reports', answer(), false],
    ['no answer', null, false],
    ['no agent', 'https://shop.example\n', false],
  ])('of an answer with %s is %s', (_what, given, is) => {
    expect(hasOnlyStarted(given, 'doc-1', 'op-1')).toBe(is);
  });

  it('is false for the answer of another document', () => {
    expect(hasOnlyStarted(answer(started('op-1')), 'doc-2', 'op-1')).toBe(false);
    expect(hasOnlyStarted(answer(started('op-1')), null, 'op-1')).toBe(false);
  });

  it('takes no longer with the longest answer that a hostile page can give', () => {
    const said = '{"document":"doc-1","reports":[{';
    for (const part of ['"kind":"started",', '"reports":[{', '{']) {
      const text = `https://shop.example\n${said}${part.repeat(MAX_ANSWER)}`.slice(0, MAX_ANSWER - 1);
      const before = performance.now();
      expect(hasOnlyStarted(text, 'doc-1', 'op-1')).toBe(false);
      // With backtracking, it took half a minute.
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });
});
