import { beforeEach, describe, expect, it, vi } from 'vitest';
import { panelCarrier } from '@/lib/background/panel-carrier';
import { scriptingCarrier, scriptingProblem } from '@/lib/browser/scripting-carrier';
import { AGENT_VERSION, type AgentRequest, callAgent, HANDLE_KEY, pack } from '@/lib/page/wire';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { type Problem, problemOf } from '@/lib/session/problem';
import { fake, resetBrowser } from '../fakes/browser';
import { answerOf, ORIGIN, replyOf, T0 } from '../fakes/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  resetBrowser();
  return () => vi.useRealTimers();
});

const REQUEST: AgentRequest = { origin: ORIGIN, now: T0, cursor: 3, document: 'doc-1', wait: 5000, showing: true, client: 1 };
const REPLY = replyOf('doc-1', 3, T0, []);
const TEXT = answerOf(REPLY);
const NOBODY = `${ORIGIN}\n`;
const problem = (work: Promise<unknown>): Promise<Problem | string> => work.then(() => 'no problem', problemOf);

describe('scriptingCarrier', () => {
  it("asks the agent of the top frame, in the page's world", async () => {
    fake.execute = async () => TEXT;
    expect(await scriptingCarrier(7).exchange(REQUEST, null)).toEqual(REPLY);
    expect(fake.injections).toEqual([
      {
        target: { tabId: 7 },
        world: 'MAIN',
        injectImmediately: true,
        func: callAgent,
        args: [HANDLE_KEY, AGENT_VERSION, ORIGIN, pack(REQUEST)],
      },
    ]);
  });

  it.each([NOBODY, null, undefined])('injects the agent if it is missing (%j), and asks again', async (none) => {
    let there = false;
    fake.execute = async ({ files }) => {
      if (files) there = true;
      return files ? undefined : there ? TEXT : none;
    };
    expect(await scriptingCarrier(7).exchange(REQUEST, null)).toEqual(REPLY);
    expect(fake.injections.map(({ files, world }) => [files ?? 'ask', world])).toEqual([
      ['ask', 'MAIN'],
      [['/page-agent.js', '/page-tables.js', '/page-client.js'], 'MAIN'],
      ['ask', 'MAIN'],
    ]);
  });

  it.each([
    [true, ['/page-agent.js', '/page-tables.js', '/page-client.js']],
    [false, ['/page-agent.js', '/page-tables.js']],
  ])('doesn’t ask for an agent in a document of which nothing is known, and brings what it needs (shown: %s)', async (showing, files) => {
    fake.execute = async ({ files: injected }) => (injected ? undefined : TEXT);
    expect(await scriptingCarrier(7).exchange({ ...REQUEST, document: null, showing }, null)).toEqual(REPLY);
    expect(fake.injections.map(({ files: injected }) => injected ?? 'ask')).toEqual([files, 'ask']);
  });

  it.each([
    ['an agent that does not load', NOBODY],
    ['a page that throws', `${ORIGIN}\n!threw`],
    ['a forged answer', `${ORIGIN}\n"hostile"`],
    ['an answer without an origin', JSON.stringify(REPLY)],
    ['an object', { document: 'doc-1' }],
  ])('treats %s as hostile', async (_name, result) => {
    fake.execute = async () => result;
    expect(await problem(scriptingCarrier(7).exchange(REQUEST, null))).toMatchObject({ kind: 'hostile' });
  });

  it('addresses a frame by its ID, and injects the agent only there', async () => {
    fake.frames.set(7, [4, 5]);
    let there = false;
    fake.execute = async ({ files }) => {
      if (files) there = true;
      return there ? TEXT : NOBODY;
    };
    await scriptingCarrier(7).exchange(REQUEST, '5');
    expect(fake.injections.map(({ target }) => target)).toEqual(Array.from({ length: 3 }, () => ({ tabId: 7, frameIds: [5] })));
  });

  it('reports a frame that is gone as navigated', async () => {
    fake.execute = async () => TEXT;
    expect(await problem(scriptingCarrier(7).exchange(REQUEST, '9'))).toMatchObject({ kind: 'gone', code: 'navigated' });
    expect(await problem(scriptingCarrier(7).equip('9'))).toMatchObject({ kind: 'gone', code: 'navigated' });
  });

  it('injects the driver into one frame', async () => {
    fake.frames.set(7, [5]);
    fake.execute = async () => undefined;
    await scriptingCarrier(7).equip('5');
    await scriptingCarrier(7).equip(null);
    expect(fake.injections).toEqual([
      { target: { tabId: 7, frameIds: [5] }, world: 'MAIN', injectImmediately: true, files: ['/page-client.js'] },
      { target: { tabId: 7 }, world: 'MAIN', injectImmediately: true, files: ['/page-client.js'] },
    ]);
  });

  it('lists all frames, injects the agent where it is missing, and names the frames it cannot reach', async () => {
    fake.frames.set(7, [4, 5, 6, 8]);
    const there = new Set([0, 4]);
    fake.execute = async ({ files, args }, frame) => {
      if (frame === 8) throw new Error('Cannot access contents of the page.');
      if (files) there.add(frame);
      else if (!args) {
        const children = frame === 0 ? [4, 5, 6, 8, 9].map((id) => `${ORIGIN}/${id}`) : [];
        return { own: `${ORIGIN}/${frame}`, children };
      }
      if (frame === 6) return `${ORIGIN}\n"hostile"`;
      return there.has(frame) ? answerOf(replyOf(`doc-${frame}`, 0, T0, [])) : NOBODY;
    };
    const { frames, beyond } = await scriptingCarrier(7).list(REQUEST);
    expect(frames.map(({ frame, reply }) => [frame, reply.document])).toEqual([
      [null, 'doc-0'],
      ['4', 'doc-4'],
      ['5', 'doc-5'],
    ]);
    expect(beyond).toEqual([`${ORIGIN}/8`, `${ORIGIN}/9`]);
    // The script that counts frames runs in the isolated world, with no arguments.
    expect(fake.injections.map(({ target, world, files, args }) => [target, world, files?.[0] ?? args?.length])).toEqual([
      [{ tabId: 7, allFrames: true }, 'MAIN', 4],
      [{ tabId: 7, frameIds: [5] }, 'MAIN', '/page-agent.js'],
      [{ tabId: 7, allFrames: true }, 'MAIN', 4],
      [{ tabId: 7, allFrames: true }, undefined, undefined],
    ]);
  });

  it('lists the remaining frames if one disappears while the agent is injected', async () => {
    fake.frames.set(7, [5]);
    fake.execute = async ({ files, args }, frame) => {
      if (files) throw new Error('Frame with ID 5 was removed.');
      if (!args) return null;
      return frame === 0 ? TEXT : NOBODY;
    };
    expect((await scriptingCarrier(7).list(REQUEST)).frames).toEqual([{ frame: null, reply: REPLY }]);
  });

  it('rejects the listing if it has no access', async () => {
    fake.execute = () => Promise.reject(new Error('Cannot access contents of the page.'));
    expect(await problem(scriptingCarrier(7).list(REQUEST))).toMatchObject({ kind: 'access' });
  });

  it('times out 4 s after the requested wait', async () => {
    fake.execute = () => new Promise(() => undefined);
    const settle = vi.fn();
    const asked = problem(scriptingCarrier(7).exchange(REQUEST, null));
    void asked.then(settle);
    await vi.advanceTimersByTimeAsync(8999);
    expect(settle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });

  it('leaves no timer behind', async () => {
    fake.execute = async () => TEXT;
    await scriptingCarrier(7).exchange(REQUEST, null);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("turns the browser's error message into a problem", async () => {
    fake.execute = () => Promise.reject(new Error('No tab with id: 7.'));
    expect(await problem(scriptingCarrier(7).exchange(REQUEST, null))).toEqual({
      kind: 'gone',
      message: 'The tab was closed.',
      detail: 'No tab with id: 7.',
    });
  });
});

describe('scriptingProblem', () => {
  const host = 'Extension manifest must request permission to access';
  it.each([
    // Chromium
    ['No tab with id: 7.', 'gone'],
    ['The tab was closed.', 'gone'],
    ['Cannot access a chrome:// URL', 'forbidden'],
    ['Cannot access a chrome-extension:// URL of different extension', 'forbidden'],
    ['Cannot access a edge:// URL', 'forbidden'],
    ['The extensions gallery cannot be scripted.', 'forbidden'],
    ['This page cannot be scripted due to an ExtensionsSettings policy.', 'forbidden'],
    ['Frame with ID 0 is showing error page', 'forbidden:error-page'],
    [`Cannot access contents of the page. ${host} the respective host.`, 'access'],
    [`Cannot access contents of url "https://shop.example/". ${host} this host.`, 'access'],
    [`Cannot access contents of url "https://shop.example/restricted-sale". ${host} this host.`, 'access'],
    ["The 'activeTab' permission is not in effect because this extension has not been in invoked.", 'access'],
    ['Frame with ID 0 was removed.', 'gone:navigated'],
    ['No frame with id 0 in tab with id 7', 'gone:navigated'],
    ['The frame was removed.', 'gone:navigated'],
    // Firefox
    ['Invalid tab ID: 7', 'gone'],
    ['Missing host permission for the tab', 'access'],
    ['Missing host permission for the tab, and any iframes', 'access'],
    ['Missing host permission for the tab or frames', 'access'],
    // neither
    ['An unexpected error occurred', 'carrier'],
  ])('%s', (message, expected) => {
    const { kind, code, ...rest } = scriptingProblem(new Error(message));
    expect(code ? `${kind}:${code}` : kind).toBe(expected);
    expect(rest.detail ?? rest.message).toContain(message);
    expect(scriptingProblem(message).kind).toBe(kind);
  });
});

describe('panelCarrier', () => {
  function lent() {
    const posted: Extract<BackgroundMessage, { type: 'page-request' }>[] = [];
    const carrier = panelCarrier((message) => {
      if (message.type === 'page-request') posted.push(message);
    });
    return { posted, carrier, n: (index = 0) => posted[index]?.n ?? '' };
  }

  it('asks the panel, and returns its answer', async () => {
    const { posted, carrier, n } = lent();
    const asked = carrier.exchange(REQUEST, null);
    expect(posted).toEqual([{ type: 'page-request', n: n(), frame: null, request: REQUEST }]);
    carrier.answered({ type: 'page-answer', n: n(), answer: TEXT });
    expect(await asked).toEqual(REPLY);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('matches each answer to its request', async () => {
    const { carrier, n } = lent();
    const first = carrier.exchange(REQUEST, null);
    const second = carrier.exchange(REQUEST, null);
    expect(n(0)).not.toBe(n(1));
    carrier.answered({ type: 'page-answer', n: n(1), answer: answerOf({ ...REPLY, document: 'second' }) });
    carrier.answered({ type: 'page-answer', n: n(0), answer: TEXT });
    expect([(await first).document, (await second).document]).toEqual(['doc-1', 'second']);
  });

  it('ignores an answer to a request of another worker', async () => {
    const before = lent();
    void before.carrier.exchange(REQUEST, null).catch(() => undefined);
    const { carrier, n } = lent();
    const asked = carrier.exchange(REQUEST, null);
    carrier.answered({ type: 'page-answer', n: before.n(), answer: answerOf({ ...REPLY, document: 'old' }) });
    carrier.answered({ type: 'page-answer', n: '1', problem: { kind: 'gone', message: '' } });
    carrier.answered({ type: 'page-answer', n: n(), answer: TEXT });
    expect((await asked).document).toBe('doc-1');
  });

  it('addresses a frame by its URL, and injects a script there', async () => {
    const all: BackgroundMessage[] = [];
    const carrier = panelCarrier((message) => all.push(message));
    void carrier.exchange(REQUEST, 'https://shop.example/frame').catch(() => undefined);
    const brought = carrier.equip('https://shop.example/frame');
    expect(all).toMatchObject([
      { type: 'page-request', frame: 'https://shop.example/frame', request: REQUEST },
      { type: 'page-script', frame: 'https://shop.example/frame', file: '/page-client.js' },
    ]);
    const [, script] = all;
    carrier.answered({ type: 'page-answer', n: script && 'n' in script ? script.n : '' });
    await expect(brought).resolves.toBeUndefined();
    carrier.closed();
  });

  it('lists the frames that the panel found, except those with invalid answers', async () => {
    const all: BackgroundMessage[] = [];
    const carrier = panelCarrier((message) => all.push(message));
    const asked = carrier.list(REQUEST);
    const [message] = all;
    expect(message).toEqual({ type: 'page-list', n: expect.any(String) as string, request: REQUEST });
    const frames = [
      { frame: null, answer: TEXT },
      { frame: 'a', answer: `${ORIGIN}\n"hostile"` },
      { frame: 'b', answer: null },
      { frame: 'c', answer: answerOf(replyOf('doc-c', 0, T0, [])) },
    ];
    carrier.answered({ type: 'page-answer', n: message && 'n' in message ? message.n : '', answer: { frames, beyond: ['about:srcdoc'] } });
    const { frames: found, beyond } = await asked;
    expect(found.map(({ frame, reply }) => [frame, reply.document])).toEqual([
      [null, 'doc-1'],
      ['c', 'doc-c'],
    ]);
    expect(beyond).toEqual(['about:srcdoc']);
  });

  it("rejects with the panel's problem", async () => {
    const { carrier, n } = lent();
    const asked = problem(carrier.exchange(REQUEST, null));
    const told: Problem = { kind: 'forbidden', message: 'No.' };
    carrier.answered({ type: 'page-answer', n: n(), problem: told });
    expect(await asked).toEqual(told);
  });

  it('rejects an unreadable answer', async () => {
    const { carrier, n } = lent();
    const asked = problem(carrier.exchange(REQUEST, null));
    carrier.answered({ type: 'page-answer', n: n() });
    expect(await asked).toMatchObject({ kind: 'hostile' });
  });

  it('rejects all pending requests when the panel closes', async () => {
    const { carrier } = lent();
    const asked = [carrier.exchange(REQUEST, null), carrier.exchange(REQUEST, null)].map(problem);
    carrier.closed();
    for (const told of await Promise.all(asked)) expect(told).toMatchObject({ kind: 'gone', code: 'panel-closed' });
  });

  it('times out if the panel never answers', async () => {
    const { carrier } = lent();
    const asked = problem(carrier.exchange(REQUEST, null));
    await vi.advanceTimersByTimeAsync(13_000);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });
});
