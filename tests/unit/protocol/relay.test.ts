import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { END_SUFFIX, HELLO_EVENT } from '@/lib/page/wire';
import { type Bell, openRelay, type RelayMessage, type RelayRuntime } from '@/lib/protocol/relay';

/** A page that records its listeners. */
class Page extends EventTarget {
  readonly listening: string[] = [];

  override addEventListener(type: string, listener: never, options?: never): void {
    this.listening.push(type);
    super.addEventListener(type, listener, options);
  }

  override removeEventListener(type: string, listener: never, options?: never): void {
    const index = this.listening.indexOf(type);
    if (index >= 0) this.listening.splice(index, 1);
    super.removeEventListener(type, listener, options);
  }

  raise(type: string, more: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }

  hello(detail: unknown = 'bell-1'): void {
    this.dispatchEvent(new CustomEvent(HELLO_EVENT, { detail }));
  }
}

type Told = (message: RelayMessage) => void;

function opened(href = 'https://shop.example/cart?x=1#y') {
  const page = new Page();
  const told: Told[] = [];
  const sent: Bell[] = [];
  const ended: string[] = [];
  const state = { id: 'ext' as string | undefined, dead: false, answer: (): Promise<unknown> => Promise.resolve() };
  const runtime: RelayRuntime = {
    get id() {
      return state.id;
    },
    sendMessage(message) {
      sent.push(message);
      return state.answer();
    },
    onMessage: {
      addListener: (listener) => void told.push(listener),
      removeListener: (listener) => void told.splice(told.indexOf(listener), 1),
    },
  };
  for (const name of ['bell-1', 'bell-2', 'forged']) {
    EventTarget.prototype.addEventListener.call(page, name + END_SUFFIX, () => ended.push(name));
  }
  openRelay(page, { href }, () => {
    if (state.dead) throw new Error('Extension context invalidated.');
    return runtime;
  });
  const tell = (message: RelayMessage) => {
    for (const one of [...told]) one(message);
  };
  return { page, told, sent, ended, state, tell };
}

const BELL = { type: 'bell' };

let rejections: unknown[] = [];
const rejected = (why: unknown) => rejections.push(why);
beforeEach(() => {
  rejections = [];
  process.on('unhandledRejection', rejected);
});
afterEach(() => {
  process.off('unhandledRejection', rejected);
});

describe('the hello', () => {
  it('wakes the background at once, and again each time the bell rings', () => {
    const { page, sent } = opened();
    expect(sent).toEqual([]);
    page.raise('bell-1');
    expect(sent).toEqual([]);
    page.hello();
    expect(sent).toEqual([BELL]);
    page.raise('bell-1');
    page.raise('bell-1');
    expect(sent).toEqual([BELL, BELL, BELL]);
  });

  it("is accepted once: later ones are ignored as the page's own", () => {
    const { page, sent } = opened();
    page.hello();
    page.hello('forged');
    page.raise('forged');
    expect(sent).toEqual([BELL]);
    page.raise('bell-1');
    expect(sent).toEqual([BELL, BELL]);
    expect(page.listening.sort()).toEqual(['bell-1', 'pageshow', 'prerenderingchange']);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a symbol', Symbol('x')],
    ['an object', { toString: () => 'odd' }],
    ['a very long string', 'x'.repeat(100_000)],
    ['the name of the hello event itself', HELLO_EVENT],
  ])('with %s does no harm', (_name, detail) => {
    const { page, told, tell } = opened();
    expect(() => page.hello(detail)).not.toThrow();
    tell({ type: 'unwatch', origins: ['<all_urls>'] });
    expect(page.listening).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('a message from the background', () => {
  it('`listen` sets the bell, after which no hello is accepted', () => {
    const { page, sent, tell } = opened();
    tell({ type: 'listen', bell: 'bell-2' });
    expect(sent).toEqual([]);
    page.hello('forged');
    page.raise('forged');
    expect(sent).toEqual([]);
    page.raise('bell-2');
    expect(sent).toEqual([BELL]);
  });

  it('`listen` with a different bell stops listening to the first one', () => {
    const { page, sent, ended, tell } = opened();
    page.hello();
    tell({ type: 'listen', bell: 'bell-2' });
    tell({ type: 'listen', bell: 'bell-2' });
    page.raise('bell-1');
    page.raise('bell-2');
    expect(sent).toEqual([BELL, BELL]);
    expect(ended).toEqual([]);
    expect(page.listening.sort()).toEqual(['bell-2', 'pageshow', 'prerenderingchange']);
  });

  it.each<[string, string, boolean]>([
    ['https://shop.example/*', 'https://shop.example/', true],
    ['https://shop.example/*', 'https://shop.example:8443/a?b#c', true],
    ['http://shop.example/*', 'https://shop.example/', false],
    ['https://shop.example/*', 'http://shop.example/', false],
    ['*://shop.example/*', 'http://shop.example/', true],
    ['*://shop.example/*', 'https://shop.example/', true],
    ['*://*/*', 'https://shop.example/', true],
    ['*://*/*', 'http://127.0.0.1:3000/', true],
    ['*://*/*', 'file:///tmp/x.html', false],
    ['https://*/*', 'https://shop.example/', true],
    ['https://*/*', 'http://shop.example/', false],
    ['<all_urls>', 'http://shop.example/', true],
    ['https://*.shop.example/*', 'https://shop.example/', true],
    ['https://*.shop.example/*', 'https://de.shop.example/', true],
    ['https://*.shop.example/*', 'https://notshop.example/', false],
    ['https://shop.example/*', 'https://de.shop.example/', false],
    ['https://de.shop.example/*', 'https://shop.example/', false],
    ['https://shop.example/*', 'https://shop.example.evil.example/', false],
    ['https://shop.example/*', 'https://shop.example@evil.example/', false],
    ['http://[::1]/*', 'http://[::1]:3000/x', true],
    ['', 'https://shop.example/', false],
    ['nonsense', 'https://shop.example/', false],
  ])('`unwatch` of %s ends the relay at %s: %s', (pattern, href, ends) => {
    const { page, told, sent, ended, tell } = opened(href);
    page.hello();
    tell({ type: 'unwatch', origins: ['https://another.example/*', pattern] });
    expect(ended).toEqual(ends ? ['bell-1'] : []);
    expect(told).toHaveLength(ends ? 0 : 1);
    expect(page.listening.sort()).toEqual(ends ? [] : ['bell-1', 'pageshow', 'prerenderingchange']);
    page.raise('bell-1');
    expect(sent).toHaveLength(ends ? 1 : 2);
  });

  it('`unwatch` of no origins ends nothing', () => {
    const { page, ended, tell } = opened();
    page.hello();
    tell({ type: 'unwatch', origins: [] });
    expect(ended).toEqual([]);
  });

  it('`unwatch` before hello leaves nothing behind, and no later hello is accepted', () => {
    const { page, told, sent, ended, tell } = opened();
    tell({ type: 'unwatch', origins: ['https://shop.example/*'] });
    expect([page.listening, told, ended]).toEqual([[], [], []]);
    page.hello();
    page.raise('bell-1');
    page.raise('pageshow', { persisted: true });
    expect(sent).toEqual([]);
  });

  it.each([{ type: 'another' }, { type: 'bell' }, {}, 'text', 7])('of another type is ignored (%j)', (message) => {
    const { page, sent, ended, tell } = opened();
    page.hello();
    expect(() => tell(message as never)).not.toThrow();
    expect([sent.length, ended]).toEqual([1, []]);
  });
});

describe('a page that is shown again', () => {
  it('from the back-forward cache rings; one that is shown for the first time does not', () => {
    const { page, sent } = opened();
    page.hello();
    page.raise('pageshow', { persisted: false });
    expect(sent).toHaveLength(1);
    page.raise('pageshow', { persisted: true });
    expect(sent).toHaveLength(2);
  });

  it('from prerendering rings', () => {
    const { page, sent } = opened();
    page.hello();
    page.raise('prerenderingchange');
    expect(sent).toHaveLength(2);
  });

  it("listens for `prerenderingchange` in the capture phase: the document's event does not bubble", () => {
    const add = vi.spyOn(EventTarget.prototype, 'addEventListener');
    opened();
    expect(add.mock.calls.filter(([type]) => type === 'prerenderingchange').map(([, , capture]) => capture)).toEqual([true]);
  });
});

describe('an extension that is gone', () => {
  const kill: [string, (state: ReturnType<typeof opened>['state']) => void][] = [
    ['has no id', (state) => (state.id = undefined)],
    ['throws', (state) => (state.dead = true)],
    [
      'throws when it gets a message',
      (state) => {
        state.answer = () => {
          throw new Error('Extension context invalidated.');
        };
      },
    ],
  ];
  it.each(kill)('%s: the next ring ends the agent, and no listener is left', (_how, happen) => {
    const { page, ended, state } = opened();
    page.hello();
    happen(state);
    expect(() => page.raise('bell-1')).not.toThrow();
    expect(ended).toEqual(['bell-1']);
    expect(page.listening).toEqual([]);
    page.raise('bell-1');
    page.raise('pageshow', { persisted: true });
    page.raise('prerenderingchange');
    expect(ended).toEqual(['bell-1']);
  });

  it.each(kill.slice(0, 2))('%s: a return from the back-forward cache ends the agent too', (_how, happen) => {
    const { page, ended, state } = opened();
    page.hello();
    happen(state);
    page.raise('pageshow', { persisted: true });
    expect(ended).toEqual(['bell-1']);
    expect(page.listening).toEqual([]);
  });

  it('before hello: the agent is ended at hello', () => {
    const { page, ended, state } = opened();
    state.id = undefined;
    page.hello();
    expect(ended).toEqual(['bell-1']);
    expect(page.listening).toEqual([]);
  });

  it('removes its own listener if it still can', () => {
    const { page, told, state } = opened();
    page.hello();
    state.id = undefined;
    page.raise('bell-1');
    expect(told).toEqual([]);
  });

  it('is not assumed while the worker is being replaced', async () => {
    const { page, sent, ended, state } = opened();
    page.hello();
    state.answer = () => Promise.reject(new Error('Could not establish connection.'));
    page.raise('bell-1');
    await new Promise((resolve) => setImmediate(resolve));
    state.answer = () => Promise.resolve();
    page.raise('bell-1');
    expect(sent).toHaveLength(3);
    expect(ended).toEqual([]);
    expect(rejections).toEqual([]);
  });
});

it('an end event forged by the page does not reach the extension or stop the relay', () => {
  const { page, sent } = opened();
  page.hello();
  page.raise(`bell-1${END_SUFFIX}`);
  page.raise('bell-1');
  expect(sent).toEqual([BELL, BELL]);
});
