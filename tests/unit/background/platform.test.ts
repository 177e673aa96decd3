// The background in a place that is no browser: nothing of one is mocked here, and nothing of one is there.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHub } from '@/lib/background/hub';
import type { Platform } from '@/lib/background/platform';
import { parseSaid } from '@/lib/protocol/agent';
import { type BackgroundMessage, PORT_NAME } from '@/lib/protocol/background-message';
import { patched } from '@/lib/protocol/patch';
import { lastOutcome } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import { fakeAgent } from '../fakes/agent';
import { MINUTE, ORIGIN, page, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';
import { memoryAlarms, memoryArea, watchingAll } from '../fakes/platform';
import { fakePort } from '../fakes/ports';

const HOME = 'http://127.0.0.1/inspector/';

beforeEach(() => void vi.useFakeTimers({ now: T0 }));
afterEach(() => void vi.useRealTimers());

it('attaches to a page, keeps its session, sets the alarm of its token, and runs an operation', async () => {
  const agent = fakeAgent('doc-1');
  const session = memoryArea();
  const { due, alarms } = memoryAlarms();
  const platform: Platform = {
    session,
    local: memoryArea(),
    onLocalChange: () => undefined,
    alarms,
    tabs: {
      get: async (id) => ({ id, url: `${ORIGIN}/`, incognito: false, discarded: false, frozen: false }),
      all: async () => [],
    },
    showBadge: async () => undefined,
    notify: async () => undefined,
    carrier: () => ({
      async exchange(request) {
        const answer = String(await agent.exchange(request));
        return parseSaid(answer.slice(answer.indexOf('\n') + 1), ORIGIN);
      },
      equip: async () => agent.equip(),
      list: async () => ({ frames: [], beyond: [] }),
      markup: async () => null,
    }),
    watching: () => watchingAll(true),
    traffic: () => ({ flush: async () => undefined }),
  };
  agent.onCommand = (command) => {
    if (command.kind === 'run') agent.say(started(command.id), sample('uuid-2'), settled(command.id));
  };
  const hub = createHub(HOME, platform);
  const port = fakePort(PORT_NAME, { url: `${HOME}panel.html` });
  hub.connected(port);
  port.receive({ type: 'hello', view: 'popup', tab: 1, lends: false });
  agent.say(page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE)));
  await vi.advanceTimersByTimeAsync(1000);
  port.receive({ type: 'run', id: 'op-1', operation: 'regenerateUUID', args: {}, anyway: false, deadline: 10_000 });
  await vi.advanceTimersByTimeAsync(3000);

  const [first, ...rest] = (port.posted as BackgroundMessage[]).filter(({ type }) => type === 'state' || type === 'patch');
  if (first?.type !== 'state') throw new Error('no state was told first');
  const told = rest.reduce<Session>((one, message) => (message.type === 'patch' ? patched(one, message.patch) : one), first.session);
  expect(told).toMatchObject({ tab: { access: 'watched' }, stage: { phase: 'attached', customer: { uuid: 'uuid-2' } } });
  expect(lastOutcome(told.runs)).toMatchObject({ id: 'op-1', verdict: 'done' });
  expect(due).toEqual(new Map([['session:1', T0 + 9 * MINUTE]]));
  expect(session.items.get('session:1')).toMatchObject({ stage: { customer: { uuid: 'uuid-2' } } });
});
