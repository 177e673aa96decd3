import { beforeEach, describe, expect, it, vi } from 'vitest';
import { panelCarrier } from '@/lib/background/panel-carrier';
import { scriptingCarrier, scriptingProblem } from '@/lib/background/scripting-carrier';
import type { BackgroundMessage } from '@/lib/protocol/messages';
import { AGENT_VERSION, type AgentRequest, callAgent, HANDLE_KEY } from '@/lib/sdk/wire';
import { type Problem, problemOf } from '@/lib/session/problem';
import { fake, resetBrowser } from '../fakes/browser';
import { ORIGIN, replyOf, T0 } from '../fakes/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  resetBrowser();
  return () => vi.useRealTimers();
});

const REQUEST: AgentRequest = { cursor: 3, document: 'doc-1', wait: 5000, showing: true };
const REPLY = replyOf('doc-1', 3, T0, []);
const TEXT = JSON.stringify(REPLY);
const problem = (work: Promise<unknown>): Promise<Problem | string> => work.then(() => 'no problem', problemOf);

describe('scriptingCarrier', () => {
  it('asks the agent of the top frame, in the world of the page', async () => {
    fake.execute = async () => TEXT;
    expect(await scriptingCarrier(7).exchange(REQUEST)).toEqual(REPLY);
    expect(fake.injections).toEqual([
      { target: { tabId: 7 }, world: 'MAIN', func: callAgent, args: [HANDLE_KEY, AGENT_VERSION, JSON.stringify(REQUEST)] },
    ]);
  });

  it.each([null, undefined])('injects the agent where there is none (%s), and asks again', async (none) => {
    let there = false;
    fake.execute = async ({ files }) => {
      if (files) there = true;
      return files ? undefined : there ? TEXT : none;
    };
    expect(await scriptingCarrier(7).exchange(REQUEST)).toEqual(REPLY);
    expect(fake.injections.map(({ files, world }) => [files ?? 'ask', world])).toEqual([
      ['ask', 'MAIN'],
      [['/page-agent.js'], 'MAIN'],
      ['ask', 'MAIN'],
    ]);
  });

  it.each([
    ['an agent that does not come', null],
    ['a forged answer', '"hostile"'],
    ['an object', { document: 'doc-1' }],
  ])('%s is hostile', async (_name, result) => {
    fake.execute = async () => result;
    expect(await problem(scriptingCarrier(7).exchange(REQUEST))).toMatchObject({ kind: 'hostile' });
  });

  it('says timeout 4 s after the wait that was asked for', async () => {
    fake.execute = () => new Promise(() => undefined);
    const settle = vi.fn();
    const asked = problem(scriptingCarrier(7).exchange(REQUEST));
    void asked.then(settle);
    await vi.advanceTimersByTimeAsync(8999);
    expect(settle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });

  it('leaves no timer behind', async () => {
    fake.execute = async () => TEXT;
    await scriptingCarrier(7).exchange(REQUEST);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("turns the browser's words into a problem", async () => {
    fake.execute = () => Promise.reject(new Error('No tab with id: 7.'));
    expect(await problem(scriptingCarrier(7).exchange(REQUEST))).toEqual({
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
    ['Frame with ID 0 is showing error page', 'access'],
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

  it('asks the panel, and takes its answer', async () => {
    const { posted, carrier, n } = lent();
    const asked = carrier.exchange(REQUEST);
    expect(posted).toEqual([{ type: 'page-request', n: n(), request: REQUEST }]);
    carrier.answered({ type: 'page-answer', n: n(), answer: TEXT });
    expect(await asked).toEqual(REPLY);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes the answer to each request for that request', async () => {
    const { carrier, n } = lent();
    const first = carrier.exchange(REQUEST);
    const second = carrier.exchange(REQUEST);
    expect(n(0)).not.toBe(n(1));
    carrier.answered({ type: 'page-answer', n: n(1), answer: JSON.stringify({ ...REPLY, document: 'second' }) });
    carrier.answered({ type: 'page-answer', n: n(0), answer: TEXT });
    expect([(await first).document, (await second).document]).toEqual(['doc-1', 'second']);
  });

  it('ignores an answer to what another worker asked', async () => {
    const before = lent();
    void before.carrier.exchange(REQUEST).catch(() => undefined);
    const { carrier, n } = lent();
    const asked = carrier.exchange(REQUEST);
    carrier.answered({ type: 'page-answer', n: before.n(), answer: JSON.stringify({ ...REPLY, document: 'old', origin: ORIGIN }) });
    carrier.answered({ type: 'page-answer', n: '1', problem: { kind: 'gone', message: '' } });
    carrier.answered({ type: 'page-answer', n: n(), answer: TEXT });
    expect((await asked).document).toBe('doc-1');
  });

  it("rejects with the panel's problem", async () => {
    const { carrier, n } = lent();
    const asked = problem(carrier.exchange(REQUEST));
    const told: Problem = { kind: 'forbidden', message: 'No.' };
    carrier.answered({ type: 'page-answer', n: n(), problem: told });
    expect(await asked).toEqual(told);
  });

  it('rejects what is unreadable', async () => {
    const { carrier, n } = lent();
    const asked = problem(carrier.exchange(REQUEST));
    carrier.answered({ type: 'page-answer', n: n() });
    expect(await asked).toMatchObject({ kind: 'hostile' });
  });

  it('rejects all that wait when the panel closes', async () => {
    const { carrier } = lent();
    const asked = [carrier.exchange(REQUEST), carrier.exchange(REQUEST)].map(problem);
    carrier.closed();
    for (const told of await Promise.all(asked)) expect(told).toMatchObject({ kind: 'gone', code: 'panel-closed' });
  });

  it('says timeout where the panel never answers', async () => {
    const { carrier } = lent();
    const asked = problem(carrier.exchange(REQUEST));
    await vi.advanceTimersByTimeAsync(13_000);
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });
});
