import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvaluate, type RawEval } from '@/lib/devtools/evaluate';
import { createPageLoop } from '@/lib/devtools/page-loop';
import { followTheme } from '@/lib/devtools/theme';
import type { AgentRequest } from '@/lib/sdk/wire';
import { problemOf } from '@/lib/session/problem';
import { fakeAgent } from '../fakes/agent';
import { page, sample, T0 } from '../fakes/make';

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  return () => vi.useRealTimers();
});

describe('createEvaluate', () => {
  const evaluating = (raw: RawEval, deadline?: number) => createEvaluate(raw, deadline)('1 + 1');
  const problem = (raw: RawEval) => evaluating(raw).then(() => 'no problem', problemOf);

  it.each(['text', 0, null, undefined, false])('gives the result %s', async (value) => {
    const raw = vi.fn<RawEval>((_expression, callback) => callback(value, undefined));
    expect(await evaluating(raw)).toBe(value);
    expect(raw.mock.calls[0]?.[0]).toBe('1 + 1');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes an exception info that tells nothing as a result', async () => {
    expect(await evaluating((_expression, callback) => callback('x', {}))).toBe('x');
  });

  it.each([
    ['E_FAILED', 'Permission denied', 'forbidden', undefined],
    ['E_FAILED', 'Cannot access a chrome:// page', 'forbidden', undefined],
    ['E_PROTOCOLERROR', 'Inspector protocol error: %s', 'gone', 'navigated'],
    ['E_NOTFOUND', 'Object not found', 'gone', 'navigated'],
  ])('isError %s %s', async (code, description, kind, problemCode) => {
    const told = await problem((_expression, callback) => callback(undefined, { isError: true, code, description }));
    expect(told).toMatchObject({ kind, detail: `${code} ${description}`, ...(problemCode && { code: problemCode }) });
  });

  it('isException is hostile, with its words cut', async () => {
    const told = await problem((_expression, callback) => callback(undefined, { isException: true, value: 'x'.repeat(900) }));
    expect(told).toMatchObject({ kind: 'hostile', detail: 'x'.repeat(500) });
  });

  it.each([
    [undefined, 3000],
    [500, 500],
  ])('has a deadline (%s)', async (deadline, ms) => {
    const settled = vi.fn();
    const asked = evaluating(() => undefined, deadline).catch(problemOf);
    void asked.then(settled);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });

  it('an answer after the deadline changes nothing', async () => {
    let answer: (result: unknown) => void = () => undefined;
    const asked = evaluating((_expression, callback) => (answer = callback)).catch(problemOf);
    await vi.advanceTimersByTimeAsync(3000);
    answer('late');
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });
});

describe('createPageLoop', () => {
  const request = (over: Partial<AgentRequest> = {}): AgentRequest => ({
    cursor: 0,
    document: 'doc-1',
    wait: 1000,
    showing: true,
    ...over,
  });
  /** Reads the request out of the expression that is to be evaluated, as the page would. */
  const requestIn = (expression: string): AgentRequest => {
    const inner = /\(("synerise\.inspector\.agent".*)\)$/s.exec(expression)?.[1];
    const [, , text] = JSON.parse(`[${inner}]`) as [string, number, string];
    return JSON.parse(text) as AgentRequest;
  };

  function loop() {
    const agent = fakeAgent('doc-1');
    let injected = 0;
    const evaluate = vi.fn(async (expression: string): Promise<unknown> => {
      if (expression === 'AGENT') {
        injected += 1;
        agent.present = true;
        return undefined;
      }
      return agent.exchange(requestIn(expression));
    });
    return { agent, exchange: createPageLoop(evaluate, async () => 'AGENT'), evaluate, injected: () => injected };
  }
  const reports = (answer: unknown) => (JSON.parse(String(answer)) as { reports: unknown[] }).reports.length;

  it('returns news at once', async () => {
    const { agent, exchange, injected } = loop();
    agent.say(page());
    expect(reports(await exchange(request()))).toBe(1);
    expect(agent.requests).toHaveLength(1);
    expect(injected()).toBe(0);
  });

  it('never lets the page wait', async () => {
    const { agent, exchange } = loop();
    const asked = exchange(request());
    await vi.advanceTimersByTimeAsync(1100);
    await asked;
    expect(agent.requests.length).toBeGreaterThan(2);
    expect(new Set(agent.requests.map(({ wait }) => wait))).toEqual(new Set([0]));
  });

  it('injects the agent where it is missing, and asks again', async () => {
    const { agent, exchange, injected } = loop();
    agent.present = false;
    agent.say(page());
    expect(reports(await exchange(request({ document: null })))).toBe(1);
    expect(injected()).toBe(1);
  });

  it('returns as soon as there is news', async () => {
    const { agent, exchange } = loop();
    const settled = vi.fn();
    const asked = exchange(request({ wait: 5000 }));
    void asked.then(settled);
    await vi.advanceTimersByTimeAsync(300);
    expect(settled).not.toHaveBeenCalled();
    agent.say(sample('uuid-1'));
    await vi.advanceTimersByTimeAsync(80);
    expect(settled).toHaveBeenCalledOnce();
    expect(reports(await asked)).toBe(1);
  });

  it('returns after the wait without news', async () => {
    const { exchange } = loop();
    const settled = vi.fn();
    void exchange(request()).then(settled);
    await vi.advanceTimersByTimeAsync(900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(settled).toHaveBeenCalledOnce();
    expect(reports(settled.mock.calls[0]?.[0])).toBe(0);
  });

  it('looks less often when all is still', async () => {
    const { agent, exchange } = loop();
    const count = async () => {
      const before = agent.requests.length;
      const asked = exchange(request({ wait: 2000 }));
      await vi.advanceTimersByTimeAsync(2300);
      await asked;
      return agent.requests.length - before;
    };
    expect(await count()).toBeGreaterThan(20);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await count()).toBeLessThanOrEqual(11);
  });

  it('sends a command exactly once', async () => {
    const { agent, exchange } = loop();
    const asked = exchange(request({ command: { kind: 'read' } }));
    await vi.advanceTimersByTimeAsync(1100);
    await asked;
    expect(agent.commands).toEqual([{ kind: 'read' }]);
    expect(agent.requests.length).toBeGreaterThan(2);
    expect(agent.requests.filter(({ command }) => command)).toHaveLength(1);
  });

  it('sends a command once where the agent comes first', async () => {
    const { agent, exchange } = loop();
    agent.present = false;
    const asked = exchange(request({ wait: 200, command: { kind: 'read' } }));
    await vi.advanceTimersByTimeAsync(400);
    await asked;
    expect(agent.commands).toEqual([{ kind: 'read' }]);
  });

  it('brings the agent to the document that came meanwhile, without the command', async () => {
    const { agent, exchange, injected } = loop();
    const asked = exchange(request({ wait: 5000, command: { kind: 'read' } }));
    await vi.advanceTimersByTimeAsync(100);
    agent.navigate('doc-2');
    agent.present = false;
    await vi.advanceTimersByTimeAsync(300);
    expect(JSON.parse(String(await asked))).toMatchObject({ document: 'doc-2', reports: [] });
    expect(injected()).toBe(1);
    expect(agent.commands).toHaveLength(1);
  });

  it('returns at once for another document, news or not', async () => {
    const { exchange } = loop();
    expect(JSON.parse(String(await exchange(request({ document: 'doc-0', wait: 5000 }))))).toMatchObject({ document: 'doc-1' });
    expect(JSON.parse(String(await exchange(request({ document: null, wait: 5000 }))))).toMatchObject({ document: 'doc-1' });
  });

  it('returns at once what is no answer', async () => {
    const { exchange, evaluate } = loop();
    evaluate.mockResolvedValue('"hostile"');
    expect(await exchange(request({ wait: 5000 }))).toBe('"hostile"');
    expect(evaluate).toHaveBeenCalledOnce();
  });

  it('hands on what evaluating throws', async () => {
    const { exchange, evaluate } = loop();
    evaluate.mockRejectedValue(new Error('away'));
    await expect(exchange(request())).rejects.toThrow('away');
  });
});

describe('followTheme', () => {
  it.each([
    ['dark', 'dark'],
    ['default', 'light'],
    ['light', 'light'],
    [undefined, 'light'],
  ])('%s is %s', (themeName, theme) => {
    const set = vi.fn();
    followTheme({ ...(themeName && { themeName }) }, set);
    expect(set.mock.calls).toEqual([[theme]]);
  });

  it.each(['setThemeChangeHandler', 'onThemeChanged'] as const)('follows by %s', (way) => {
    let change: (theme: string) => void = () => undefined;
    const follow = (handler: (theme: string) => void) => {
      change = handler;
    };
    const set = vi.fn();
    followTheme(
      way === 'onThemeChanged'
        ? { themeName: 'light', onThemeChanged: { addListener: follow } }
        : { themeName: 'light', setThemeChangeHandler: follow },
      set,
    );
    change('dark');
    change('light');
    expect(set.mock.calls).toEqual([['light'], ['dark'], ['light']]);
  });
});
