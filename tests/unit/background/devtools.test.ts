import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvaluate, type RawEval } from '@/lib/devtools/evaluate';
import { createPageLoop, type PageResource } from '@/lib/devtools/page-loop';
import { followTheme } from '@/lib/devtools/theme';
import type { AgentCommand, AgentRequest } from '@/lib/page/wire';
import type { PageList } from '@/lib/protocol/background-message';
import { ProblemError, problemOf } from '@/lib/session/problem';
import { type FakeAgent, fakeAgent, unpacked } from '../fakes/agent';
import { ORIGIN, page, sample, settled, started, T0 } from '../fakes/make';

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  return () => vi.useRealTimers();
});

describe('createEvaluate', () => {
  const evaluating = (raw: RawEval, deadline?: number) => createEvaluate(raw, deadline)('1 + 1', null);
  const problem = (raw: RawEval) => evaluating(raw).then(() => 'no problem', problemOf);

  it.each(['text', 0, null, undefined, false])('returns the result %s', async (value) => {
    const raw = vi.fn<RawEval>((_expression, _options, callback) => callback(value, undefined));
    expect(await evaluating(raw)).toBe(value);
    expect(raw.mock.calls[0]?.[0]).toBe('1 + 1');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [null, {}],
    ['https://shop.example/frame', { frameURL: 'https://shop.example/frame' }],
  ])('evaluates in the frame %s', async (frame, options) => {
    const raw = vi.fn<RawEval>((_expression, _options, callback) => callback('x', undefined));
    expect(await createEvaluate(raw)('1 + 1', frame)).toBe('x');
    expect(raw.mock.calls[0]?.slice(0, 2)).toEqual(['1 + 1', options]);
  });

  it('passes on what the browser throws, and leaves no timer', async () => {
    const thrown = problem(() => {
      throw new Error('no such frame');
    });
    expect(await thrown).toMatchObject({ kind: 'bug', message: 'no such frame' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('treats an empty exception info as success', async () => {
    expect(await evaluating((_expression, _options, callback) => callback('x', {}))).toBe('x');
  });

  it.each([
    ['E_FAILED', 'Permission denied', 'forbidden', undefined],
    ['E_FAILED', 'Cannot access a chrome:// page', 'forbidden', undefined],
    ['E_PROTOCOLERROR', 'Inspector protocol error: %s', 'gone', 'navigated'],
    ['E_NOTFOUND', 'Object not found', 'gone', 'navigated'],
  ])('isError %s %s', async (code, description, kind, problemCode) => {
    const told = await problem((_expression, _options, callback) => callback(undefined, { isError: true, code, description }));
    expect(told).toMatchObject({ kind, detail: `${code} ${description}`, ...(problemCode && { code: problemCode }) });
  });

  it('treats isException as hostile, and truncates its message', async () => {
    const told = await problem((_expression, _options, callback) => callback(undefined, { isException: true, value: 'x'.repeat(900) }));
    expect(told).toMatchObject({ kind: 'hostile', detail: 'x'.repeat(500) });
  });

  it.each([
    [undefined, 3000],
    [500, 500],
  ])('rejects at its deadline (%s)', async (deadline, ms) => {
    const settled = vi.fn();
    const asked = evaluating(() => undefined, deadline).catch(problemOf);
    void asked.then(settled);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });

  it('ignores an answer after the deadline', async () => {
    let answer: (result: unknown) => void = () => undefined;
    const asked = evaluating((_expression, _options, callback) => (answer = callback)).catch(problemOf);
    await vi.advanceTimersByTimeAsync(3000);
    answer('late');
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });
});

describe('createPageLoop', () => {
  const URL_A = 'https://shop.example/a';
  const URL_B = 'https://shop.example/b';
  const LIST: AgentRequest = { origin: null, now: 0, cursor: 0, document: null, wait: 0, showing: false, client: null, list: true };
  const request = (over: Partial<AgentRequest> = {}): AgentRequest => ({
    origin: null,
    now: 0,
    cursor: 0,
    document: 'doc-1',
    wait: 1000,
    showing: true,
    client: null,
    ...over,
  });
  /** Reads the request out of the expression that is evaluated, as the page would. */
  const requestIn = (expression: string): AgentRequest => {
    const inner = /\(("synerise\.inspector\.agent".*)\)$/s.exec(expression)?.[1];
    const [, , , asked] = JSON.parse(`[${inner}]`) as [string, number, string | null, unknown];
    return unpacked(asked);
  };

  /** A page with `frames` by URL; `resources` is what the browser lists. */
  function loop(frames: Record<string, FakeAgent> = {}, resources: () => Promise<readonly PageResource[]> = async () => []) {
    const agent = fakeAgent('doc-1');
    const files: [string, string | null][] = [];
    let injected = 0;
    let addresses: (frame: string | null) => unknown = () => null;
    const evaluate = vi.fn(async (expression: string, frame: string | null): Promise<unknown> => {
      const asked = frame === null ? agent : frames[frame];
      if (!asked) throw new ProblemError({ kind: 'gone', code: 'navigated', message: 'E_NOTFOUND' });
      const scripts = [...expression.matchAll(/^FILE (.+)$/gm)].map(([, file]) => file as string);
      for (const file of scripts) {
        files.push([file, frame]);
        if (!file.includes('agent') || asked.present) continue;
        if (frame === null) injected += 1;
        asked.present = true;
      }
      if (expression.includes('querySelectorAll')) return addresses(frame);
      return expression.endsWith(')') ? asked.exchange(requestIn(expression)) : undefined;
    });
    const answer = createPageLoop({ evaluate, scriptText: async (file) => `FILE ${file}`, resources });
    const exchange = (asked: AgentRequest, frame: string | null = null) => answer({ type: 'page-request', n: '1', frame, request: asked });
    const list = () => answer({ type: 'page-list', n: '1', request: LIST }) as Promise<PageList>;
    return {
      agent,
      answer,
      exchange,
      list,
      evaluate,
      files,
      injected: () => injected,
      tellAddresses: (tell: typeof addresses) => (addresses = tell),
    };
  }
  const said = (answer: unknown) => JSON.parse(String(answer).split('\n')[1] ?? '') as { document: string; reports: unknown[] };
  const reports = (answer: unknown) => said(answer).reports.length;

  it('returns news at once', async () => {
    const { agent, exchange, injected } = loop();
    agent.say(page());
    expect(reports(await exchange(request()))).toBe(1);
    expect(agent.requests).toHaveLength(1);
    expect(injected()).toBe(0);
  });

  it('never asks the page to wait', async () => {
    const { agent, exchange } = loop();
    const asked = exchange(request());
    await vi.advanceTimersByTimeAsync(1100);
    await asked;
    expect(agent.requests.length).toBeGreaterThan(2);
    expect(new Set(agent.requests.map(({ wait }) => wait))).toEqual(new Set([0]));
  });

  it('brings the agent, the driver and the first request of a document in one go', async () => {
    const { agent, exchange, injected, evaluate } = loop();
    agent.present = false;
    agent.say(page());
    expect(reports(await exchange(request({ document: null })))).toBe(1);
    expect(injected()).toBe(1);
    expect(evaluate).toHaveBeenCalledOnce();
  });

  it('returns as soon as there is news', async () => {
    const { agent, exchange } = loop();
    const settled = vi.fn();
    const asked = exchange(request({ wait: 5000 }));
    void asked.then(settled);
    await vi.advanceTimersByTimeAsync(300);
    expect(settled).not.toHaveBeenCalled();
    agent.say(sample('uuid-1'));
    await vi.advanceTimersByTimeAsync(32);
    expect(settled).toHaveBeenCalledOnce();
    expect(reports(await asked)).toBe(1);
  });

  it('returns after the wait if there is no news', async () => {
    const { exchange } = loop();
    const settled = vi.fn();
    void exchange(request()).then(settled);
    await vi.advanceTimersByTimeAsync(900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(settled).toHaveBeenCalledOnce();
    expect(reports(settled.mock.calls[0]?.[0])).toBe(0);
  });

  it('polls less often when nothing changes', async () => {
    const { agent, exchange } = loop();
    const count = async () => {
      const before = agent.requests.length;
      const asked = exchange(request({ wait: 2000 }));
      await vi.advanceTimersByTimeAsync(2300);
      await asked;
      return agent.requests.length - before;
    };
    expect(await count()).toBeGreaterThan(50);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await count()).toBeLessThanOrEqual(21);
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

  describe('while a request waits and another one sends a command', () => {
    const RUN: AgentCommand = {
      ...{ kind: 'run', id: 'op-1', document: 'doc-1', origin: ORIGIN, client: 1, operation: 'refreshToken' },
      ...{ args: {}, deadline: 10_000, notAfter: T0 + 10_000 },
    };
    /** The waiting request is in its longest pause, and the command has been sent. */
    async function sending(begins = 'op-1') {
      const made = loop();
      made.agent.onCommand = () => made.agent.say(started(begins));
      let answer: unknown;
      void made.exchange(request({ wait: 60_000 })).then((come) => (answer = come));
      await vi.advanceTimersByTimeAsync(5000);
      // The pause has just begun.
      for (const { length } = made.agent.requests; made.agent.requests.length === length; ) await vi.advanceTimersByTimeAsync(1);
      expect(reports(await made.exchange(request({ wait: 0, command: RUN })))).toBe(1);
      return { ...made, answer: () => answer };
    }

    it('ignores the start, which the sender gets, and returns soon after the end', async () => {
      const { agent, answer } = await sending();
      await vi.advanceTimersByTimeAsync(60);
      expect(answer()).toBeUndefined();
      agent.say(settled('op-1'));
      await vi.advanceTimersByTimeAsync(20);
      expect(reports(answer())).toBe(2);
    });

    it('asks soon after the command, whatever pause it is in', async () => {
      const { agent } = await sending();
      const before = agent.requests.length;
      await vi.advanceTimersByTimeAsync(10);
      expect(agent.requests.length).toBe(before + 1);
    });

    it('does not ask before the command is answered: that would only delay it', async () => {
      const { exchange, evaluate } = loop();
      for (const wait of [60_000, 60_000]) void exchange(request({ wait }));
      await vi.advanceTimersByTimeAsync(5000);
      let answered: (value: unknown) => void = () => undefined;
      evaluate.mockImplementationOnce(() => new Promise((resolve) => (answered = resolve)));
      const { length } = evaluate.mock.calls;
      void exchange(request({ wait: 0, command: RUN }));
      await vi.advanceTimersByTimeAsync(500);
      expect(evaluate).toHaveBeenCalledTimes(length + 1);
      answered(`${ORIGIN}\n{"document":"doc-1","reports":[]}`);
      await vi.advanceTimersByTimeAsync(10);
      // Both requests that wait.
      expect(evaluate).toHaveBeenCalledTimes(length + 3);
    });

    it('returns with the start after a moment: the answer with it may have been lost', async () => {
      const { answer } = await sending();
      await vi.advanceTimersByTimeAsync(150);
      expect(reports(answer())).toBe(1);
    });

    it('returns at once with the start of another command, and with anything else', async () => {
      const other = await sending('op-2');
      await vi.advanceTimersByTimeAsync(20);
      expect(reports(other.answer())).toBe(1);
      const { agent, answer } = await sending();
      agent.say(sample('another'));
      await vi.advanceTimersByTimeAsync(20);
      expect(reports(answer())).toBe(2);
    });
  });

  it('sends a command once even if the agent has to be injected first', async () => {
    const { agent, exchange } = loop();
    agent.present = false;
    const asked = exchange(request({ wait: 200, command: { kind: 'read' } }));
    await vi.advanceTimersByTimeAsync(400);
    await asked;
    expect(agent.commands).toEqual([{ kind: 'read' }]);
  });

  it('injects the agent into a document that loads meanwhile, without sending the command again', async () => {
    const { agent, exchange, injected } = loop();
    const asked = exchange(request({ wait: 5000, command: { kind: 'read' } }));
    await vi.advanceTimersByTimeAsync(100);
    agent.navigate('doc-2');
    agent.present = false;
    await vi.advanceTimersByTimeAsync(300);
    expect(said(await asked)).toMatchObject({ document: 'doc-2', reports: [] });
    expect(injected()).toBe(1);
    expect(agent.commands).toHaveLength(1);
  });

  it('returns at once for a different document, with or without news', async () => {
    const { exchange } = loop();
    expect(said(await exchange(request({ document: 'doc-0', wait: 5000 })))).toMatchObject({ document: 'doc-1' });
    expect(said(await exchange(request({ document: null, wait: 5000 })))).toMatchObject({ document: 'doc-1' });
  });

  it('waits in one frame, and injects the agent only there', async () => {
    const frame = fakeAgent('doc-f');
    frame.present = false;
    const { agent, exchange, files } = loop({ [URL_A]: frame });
    const asked = exchange(request({ document: 'doc-f', wait: 5000 }), URL_A);
    await vi.advanceTimersByTimeAsync(300);
    frame.say(page());
    await vi.advanceTimersByTimeAsync(32);
    expect(said(await asked)).toMatchObject({ document: 'doc-f', reports: [{ kind: 'page' }] });
    expect(agent.requests).toEqual([]);
    expect(files).toEqual([
      ['/page-agent.js', URL_A],
      ['/page-tables.js', URL_A],
      ['/page-client.js', URL_A],
    ]);
  });

  it('sends a setup once, and never while polling', async () => {
    const { agent, exchange } = loop();
    const setup = { id: 's', dialects: [], places: [] };
    const asked = exchange(request({ setup }));
    await vi.advanceTimersByTimeAsync(1100);
    await asked;
    expect(agent.setups).toEqual([setup]);
    expect(agent.requests.length).toBeGreaterThan(2);
  });

  it('injects a script into one frame, and returns nothing', async () => {
    const { answer, files } = loop({ [URL_A]: fakeAgent('doc-f') });
    for (const frame of [URL_A, null])
      expect(await answer({ type: 'page-script', n: '1', frame, file: '/page-client.js' })).toBeUndefined();
    expect(files).toEqual([
      ['/page-client.js', URL_A],
      ['/page-client.js', null],
    ]);
  });

  it('rejects an unknown request', async () => {
    const { answer } = loop();
    await expect(async () => answer({ type: 'page-reload', n: '1' } as never)).rejects.toThrow('Unknown page request');
  });

  describe('list', () => {
    const documents = (list: PageList) => list.frames.map(({ frame, answer }) => [frame, said(answer).document]);
    const listing =
      (...urls: string[]) =>
      async (): Promise<readonly PageResource[]> =>
        urls.map((url) => ({ url, type: 'document' }));

    it('asks the agents of all frames by URL, each once', async () => {
      const [a, b] = [fakeAgent('doc-a'), fakeAgent('doc-b')];
      b.present = false;
      const { agent, list, files } = loop({ [URL_A]: a, [URL_B]: b }, listing(URL_A, URL_B, URL_A));
      expect(documents(await list())).toEqual([
        [null, 'doc-1'],
        [URL_A, 'doc-a'],
        [URL_B, 'doc-b'],
      ]);
      const asked = { ...LIST, now: expect.any(Number) as number };
      expect([agent, a].map(({ requests }) => requests)).toEqual([[asked], [asked]]);
      expect(files).toEqual([
        ['/page-agent.js', URL_B],
        ['/page-tables.js', URL_B],
      ]);
    });

    it('treats only resources of type document as frames', async () => {
      const all: PageResource[] = [{ url: URL_A, type: 'script' }, { url: URL_A }, { url: URL_B, type: 'document' }];
      const { list } = loop({ [URL_A]: fakeAgent('doc-a'), [URL_B]: fakeAgent('doc-b') }, async () => all);
      expect(documents(await list()).map(([frame]) => frame)).toEqual([null, URL_B]);
    });

    it.each([
      ['that is gone', undefined],
      ['whose agent does not load', null],
    ])('leaves out a frame %s', async (_name, answer) => {
      const gone = fakeAgent('doc-a');
      gone.exchange = async () => null;
      const { list } = loop({ ...(answer === null && { [URL_A]: gone }), [URL_B]: fakeAgent('doc-b') }, listing(URL_A, URL_B));
      expect(documents(await list())).toEqual([
        [null, 'doc-1'],
        [URL_B, 'doc-b'],
      ]);
    });

    it('lists the top frame if the browser names no resources, as in Firefox', async () => {
      const { list } = loop();
      expect(documents(await list())).toEqual([[null, 'doc-1']]);
    });

    it('rejects if not even the top frame answers', async () => {
      const { list, evaluate } = loop({ [URL_A]: fakeAgent('doc-a') }, listing(URL_A));
      evaluate.mockRejectedValueOnce(new ProblemError({ kind: 'forbidden', message: 'No.' }));
      expect(await list().catch(problemOf)).toMatchObject({ kind: 'forbidden' });
    });

    it('asks at most 40 frames', async () => {
      const urls = Array.from({ length: 60 }, (_, index) => `${URL_A}${index}`);
      const { list } = loop(Object.fromEntries(urls.map((url) => [url, fakeAgent(url)])), listing(...urls));
      expect((await list()).frames).toHaveLength(41);
    });

    it('names the frames it did not reach: sandboxed, duplicate, in a shadow tree', async () => {
      const { list, tellAddresses } = loop({ [URL_A]: fakeAgent(URL_A), 'about:srcdoc': fakeAgent('srcdoc') }, listing(URL_A, URL_B));
      const children = [URL_A, URL_B, 'about:srcdoc', 'about:srcdoc', ''];
      tellAddresses((frame) => (frame === null ? { own: URL_A, children } : { own: frame, children: [] }));
      const told = await list();
      expect(told.frames.map(({ frame }) => frame)).toEqual([null, URL_A, 'about:srcdoc']);
      expect(told.beyond).toEqual([URL_B, 'about:srcdoc', '']);
    });

    it.each([
      undefined,
      null,
      3,
      'many',
      {},
      { own: 1, children: [] },
      { own: '', children: 'x' },
    ])('names no unreached frames if the page returns %j', async (rubbish) => {
      const { list, tellAddresses } = loop({}, listing(URL_A));
      tellAddresses(() => rubbish);
      expect((await list()).beyond).toEqual([]);
    });
  });

  it('returns an invalid answer at once', async () => {
    const { exchange, evaluate } = loop();
    evaluate.mockResolvedValue('"hostile"');
    expect(await exchange(request({ wait: 5000 }))).toBe('"hostile"');
    expect(evaluate).toHaveBeenCalledOnce();
  });

  it('passes on what evaluating throws', async () => {
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
  ])('maps %s to %s', (themeName, theme) => {
    const set = vi.fn();
    followTheme({ ...(themeName && { themeName }) }, set);
    expect(set.mock.calls).toEqual([[theme]]);
  });

  it.each(['setThemeChangeHandler', 'onThemeChanged'] as const)('follows changes by %s', (way) => {
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
