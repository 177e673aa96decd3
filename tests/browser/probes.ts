// Everything a page can find out about its own requests. Runs inside the page, in the same way whether or not the site is watched.

/** Each answer by its question. `allowed`: an origin that the page may send requests to; `refused`: one that its policy forbids. */
export async function probe({
  allowed,
  refused,
}: {
  readonly allowed: string;
  readonly refused: string;
}): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  // Looks like an SDK's own request, by its path and the UUID in it.
  const EVENTS = '/v4/events/custom';
  const BODY = '{"clientUUID":"3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11"}';
  const post = (body: BodyInit, more: RequestInit = {}) => fetch(EVENTS, { method: 'POST', body, ...more });
  const why = (error: unknown) => {
    const { name, message, stack } = error as Error;
    return { name, message, stack };
  };
  const ask = async (question: string, answer: () => unknown) => {
    try {
      answers[question] = (await answer()) ?? null;
    } catch (error) {
      answers[question] = why(error);
    }
  };
  const shapeOf = (owner: object, name: string) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    const method = descriptor?.value as ((...args: unknown[]) => unknown) | undefined;
    return {
      flags: [descriptor?.writable, descriptor?.enumerable, descriptor?.configurable],
      name: method?.name,
      length: method?.length,
      text: String(method),
      native: method && Function.prototype.toString.call(method),
      own: method && Reflect.ownKeys(method).map(String),
      constructs: (() => {
        try {
          Reflect.construct(Object, [], method as unknown as new () => unknown);
          return true;
        } catch {
          return false;
        }
      })(),
    };
  };
  const note = <T>(log: string[], line: string, answer: T): T => {
    log.push(line);
    return answer;
  };
  /** A proxy that logs each access. */
  const spied = <T extends object>(target: T, log: string[]): T =>
    new Proxy(target, {
      get: (of, key) => note(log, `get ${String(key)}`, Reflect.get(of, key)),
      has: (of, key) => note(log, `has ${String(key)}`, Reflect.has(of, key)),
      ownKeys: (of) => note(log, 'ownKeys', Reflect.ownKeys(of)),
      getOwnPropertyDescriptor: (of, key) => note(log, `descriptor ${String(key)}`, Reflect.getOwnPropertyDescriptor(of, key)),
      getPrototypeOf: (of) => note(log, 'prototype', Reflect.getPrototypeOf(of)),
    });
  const echo = async (response: Response | Promise<Response>) => (await response).json() as Promise<unknown>;

  // --- the functions themselves
  await ask('fetch: what it is', () => shapeOf(globalThis, 'fetch'));
  await ask('open: what it is', () => shapeOf(XMLHttpRequest.prototype, 'open'));
  await ask('send: what it is', () => shapeOf(XMLHttpRequest.prototype, 'send'));
  await ask('setRequestHeader: what it is', () => shapeOf(XMLHttpRequest.prototype, 'setRequestHeader'));
  await ask('abort: what it is', () => shapeOf(XMLHttpRequest.prototype, 'abort'));
  await ask('sendBeacon: what it is', () => shapeOf(Navigator.prototype, 'sendBeacon'));
  await ask('Request: what it is', () => shapeOf(globalThis, 'Request'));
  await ask('Headers.get: what it is', () => shapeOf(Headers.prototype, 'get'));
  await ask('Response.json: what it is', () => shapeOf(Response.prototype, 'json'));
  await ask('Promise.then: what it is', () => shapeOf(Promise.prototype, 'then'));
  await ask('addEventListener: what it is', () => shapeOf(EventTarget.prototype, 'addEventListener'));
  await ask('names on the window', () => Object.getOwnPropertyNames(globalThis).sort());
  await ask('names on XMLHttpRequest', () => Reflect.ownKeys(XMLHttpRequest.prototype).map(String));
  await ask('names on navigator', () => [Reflect.ownKeys(navigator), Reflect.ownKeys(Navigator.prototype)].map((keys) => keys.map(String)));
  await ask('script elements', () => document.scripts.length);
  await ask('stack traces', () => [Error.stackTraceLimit, typeof (Error as { prepareStackTrace?: unknown }).prepareStackTrace]);
  await ask('fetch is the one that the page kept', () => (globalThis as unknown as { kept: unknown }).kept === fetch);
  await ask('fetch of a frame', () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const inside = frame.contentWindow as Window & typeof globalThis;
    const told = [inside.fetch.name, String(inside.fetch), inside.fetch === fetch];
    frame.remove();
    return told;
  });

  // --- fetch: errors and their stacks
  await ask('fetch of nothing', () => Reflect.apply(fetch, globalThis, []));
  await ask('fetch on nothing', () => Reflect.apply(fetch, null, [EVENTS]).then(({ status }) => status));
  await ask('fetch on a stranger', () => Reflect.apply(fetch, {}, [EVENTS]));
  await ask('fetch of a host that does not answer', () => fetch(`http://127.0.0.1:1${EVENTS}`));
  await ask('fetch of what the policy forbids', () => fetch(`${refused}${EVENTS}`));
  await ask('fetch of what another site does not share', () => fetch(`${allowed}/unshared${EVENTS}`));
  await ask('fetch with a body that GET cannot have', () => fetch(EVENTS, { body: BODY }));
  await ask('fetch with a wrong method', () => fetch(EVENTS, { method: 'a b' }));
  await ask('fetch with a wrong header', () => fetch(EVENTS, { headers: { 'a b': '1' } }));
  await ask('fetch of a wrong address', () => fetch(`http://[${EVENTS}`));
  await ask('fetch of what fails its check', () => fetch(EVENTS, { integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }));
  await ask('a rejection that nobody handles', async () => {
    const seen = new Promise<unknown>((resolve) => {
      const heard = (event: PromiseRejectionEvent) => {
        event.preventDefault();
        resolve(why(event.reason));
      };
      addEventListener('unhandledrejection', heard, { once: true });
    });
    void fetch(`http://127.0.0.1:1${EVENTS}`);
    return seen;
  });
  await ask('an address that throws when it is asked', () =>
    fetch({
      toString() {
        throw new RangeError('mine');
      },
    } as unknown as string),
  );

  // --- fetch: how it reads its arguments
  await ask('traps of a proxy for the options', async () => {
    const log: string[] = [];
    await fetch(EVENTS, spied({ method: 'POST', body: BODY, headers: { 'x-a': '1' } }, log));
    return log;
  });
  await ask('traps of a proxy for the headers', async () => {
    const log: string[] = [];
    await fetch(EVENTS, { headers: spied({ 'x-a': '1', 'x-b': '2' }, log) });
    return log;
  });
  await ask('how often an address is made text', async () => {
    let times = 0;
    const address = () => {
      times += 1;
      return EVENTS;
    };
    await fetch({ toString: address } as unknown as string);
    return times;
  });
  await ask('headers that can be read once', () =>
    echo(fetch(EVENTS, { headers: new Map([['x-a', 'kept']]).entries() as unknown as HeadersInit })),
  );
  await ask('options that change while they are read', () => {
    let n = 0;
    return echo(
      fetch(EVENTS, {
        method: 'POST',
        get body() {
          return `body ${++n}`;
        },
      }),
    );
  });
  await ask('the order of what happens at once', async () => {
    const log: string[] = [];
    const answered = fetch(EVENTS, {
      get method() {
        log.push('method');
        return 'GET';
      },
    }).then(() => log.push('answer'));
    log.push('called');
    queueMicrotask(() => log.push('microtask'));
    await answered;
    return log;
  });

  // --- fetch: bodies
  await ask('a text', () => echo(post(BODY)));
  await ask('a form', async () => {
    const form = new FormData();
    form.append('clientUUID', '3f1d9c1e');
    form.append('file', new Blob(['file']), 'f.txt');
    const { body } = (await echo(post(form))) as { body: string };
    return body.replace(/WebKitFormBoundary\w+|-{20,}\w+/g, 'boundary');
  });
  await ask('an urlencoded form', () => echo(post(new URLSearchParams({ clientUUID: 'ü' }))));
  await ask('a Blob', () => echo(post(new Blob([BODY], { type: 'application/json' }))));
  await ask('bytes', () => echo(post(new TextEncoder().encode(BODY).buffer)));
  await ask('part of bytes', () => echo(post(new TextEncoder().encode(`--${BODY}--`).subarray(2, -2))));
  await ask('a stream without duplex', () => post(new ReadableStream()));
  await ask('a stream', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(BODY));
        controller.close();
      },
    });
    const how = await post(stream, { duplex: 'half' } as RequestInit).then(
      ({ status }) => status,
      (error: unknown) => why(error).message,
    );
    return [how, stream.locked];
  });
  await ask('a Request with a body', async () => {
    const request = new Request(EVENTS, { method: 'POST', body: BODY });
    const told = await echo(fetch(request));
    return [told, request.bodyUsed];
  });
  await ask('a Request that was used', async () => {
    const request = new Request(EVENTS, { method: 'POST', body: BODY });
    await request.text();
    return fetch(request);
  });
  await ask('a Request that was cloned', async () => {
    const request = new Request(EVENTS, { method: 'POST', body: BODY });
    const clone = request.clone();
    return [await echo(fetch(request)), await clone.text()];
  });
  await ask('a subclass of Request', async () => {
    let reads = 0;
    class Mine extends Request {
      override get url() {
        reads += 1;
        return super.url;
      }
    }
    const told = await echo(fetch(new Mine(EVENTS, { method: 'POST', body: BODY })));
    return [told, reads];
  });
  await ask('one that outlives the page', () => echo(post(BODY, { keepalive: true })));

  // --- fetch: responses
  await ask('an answer read twice', async () => {
    const response = await post(BODY);
    await response.text();
    return response.text();
  });
  await ask('an answer cloned', async () => {
    const response = await post(BODY);
    const clone = response.clone();
    return [await response.text(), await clone.text(), response.bodyUsed];
  });
  await ask('an answer by its stream', async () => {
    const reader = (await post(BODY)).body?.getReader();
    let size = 0;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) size += part.value.length;
    return size;
  });
  await ask('an answer that nobody reads', async () => {
    const { bodyUsed, status, ok } = await post(BODY);
    return [bodyUsed, status, ok];
  });
  await ask('a redirect', async () => {
    const { redirected, url, status } = await fetch(`/redirect${EVENTS}`);
    return [redirected, url, status];
  });
  await ask('a redirect by hand', async () => {
    const { type, status } = await fetch(`/redirect${EVENTS}`, { redirect: 'manual' });
    return [type, status];
  });
  await ask('a redirect that must not be', () => fetch(`/redirect${EVENTS}`, { redirect: 'error' }));
  await ask('an opaque answer', async () => {
    const { type, status } = await fetch(`${allowed}/unshared${EVENTS}`, { mode: 'no-cors' });
    return [type, status];
  });
  await ask('an answer that another site shares', async () => {
    const response = await fetch(`${allowed}${EVENTS}`);
    return [response.type, response.status, [...response.headers.keys()].filter((name) => name !== 'content-length')];
  });
  await ask('what a call gives', () => {
    const given = post(BODY);
    return [given instanceof Promise, given.constructor === Promise, Reflect.ownKeys(given).length];
  });

  // --- fetch: aborts and timeouts
  await ask('given up before', () => post(BODY, { signal: AbortSignal.abort() }));
  await ask('given up before, with a reason', () => post(BODY, { signal: AbortSignal.abort(new RangeError('mine')) }));
  await ask('given up meanwhile', async () => {
    const control = new AbortController();
    const sent = fetch(`/slow${EVENTS}`, { signal: control.signal });
    setTimeout(() => control.abort(), 20);
    return sent;
  });
  await ask('given up in the answer', async () => {
    const control = new AbortController();
    const response = await fetch(`/half${EVENTS}`, { signal: control.signal });
    control.abort();
    return response.text();
  });
  await ask('too late', () => fetch(`/slow${EVENTS}`, { signal: AbortSignal.timeout(30) }));

  // --- wrapped by the page
  await ask('fetch that the page wraps', async () => {
    const before = globalThis.fetch;
    const calls: unknown[] = [];
    globalThis.fetch = function (this: unknown, ...args: Parameters<typeof fetch>) {
      calls.push([this === globalThis || this === undefined, args.length]);
      return Reflect.apply(before, this, args);
    };
    const told = await echo(fetch(EVENTS, { method: 'POST', body: BODY }));
    globalThis.fetch = before;
    return [told, calls];
  });
  await ask('send that the page wraps', async () => {
    const { prototype } = XMLHttpRequest;
    const before = prototype.send;
    let calls = 0;
    prototype.send = function (...args) {
      calls += 1;
      return Reflect.apply(before, this, args);
    };
    await xhr();
    prototype.send = before;
    return calls;
  });

  // --- XMLHttpRequest
  function xhr(change: (one: XMLHttpRequest) => void = () => undefined, Kind = XMLHttpRequest, address = EVENTS): Promise<XMLHttpRequest> {
    return new Promise((resolve) => {
      const one = new Kind();
      one.open('POST', address);
      one.setRequestHeader('x-a', '1');
      change(one);
      one.addEventListener('loadend', () => resolve(one));
      one.send(BODY);
    });
  }
  const typed = (type: XMLHttpRequestResponseType) =>
    xhr((one) => {
      one.responseType = type;
    });
  await ask('XHR: answer', async () => (await xhr()).responseText);
  await ask('XHR: answer as JSON', async () => (await typed('json')).response as unknown);
  await ask('XHR: answer as bytes', async () => ((await typed('arraybuffer')).response as ArrayBuffer).byteLength);
  await ask('XHR: text of bytes', async () => (await typed('blob')).responseText);
  await ask('XHR: events in order', async () => {
    const log: string[] = [];
    await xhr((one) => {
      for (const name of ['readystatechange', 'loadstart', 'progress', 'load', 'loadend'])
        one.addEventListener(name, () => log.push(`${name} ${one.readyState}`));
      for (const name of ['loadstart', 'progress', 'load', 'loadend']) one.upload.addEventListener(name, () => log.push(`upload ${name}`));
    });
    return log.filter((line, at) => line !== log[at - 1]);
  });
  await ask('XHR: a subclass’s getters', async () => {
    const reads: string[] = [];
    class Mine extends XMLHttpRequest {
      override get readyState() {
        reads.push('readyState');
        return super.readyState;
      }
      override get status() {
        reads.push('status');
        return super.status;
      }
      override get responseText() {
        reads.push('responseText');
        return super.responseText;
      }
    }
    await xhr(undefined, Mine);
    return reads;
  });
  await ask('XHR: opened twice', async () => (await xhr((one) => one.open('PUT', EVENTS))).responseText);
  await ask('XHR: sent before it is open', () => new XMLHttpRequest().send(BODY));
  await ask('XHR: sent twice', () => {
    const one = new XMLHttpRequest();
    one.open('POST', EVENTS);
    one.send(BODY);
    one.send(BODY);
  });
  await ask('XHR: header before it is open', () => new XMLHttpRequest().setRequestHeader('a', 'b'));
  await ask('XHR: wrong address', () => new XMLHttpRequest().open('GET', 'http://['));
  await ask('XHR: open on a stranger', () => Reflect.apply(XMLHttpRequest.prototype.open, {}, ['GET', EVENTS]));
  await ask('XHR: at once', () => {
    const one = new XMLHttpRequest();
    one.open('POST', EVENTS, false);
    one.send(BODY);
    return [one.status, one.responseText];
  });
  await ask('XHR: given up', async () => {
    const one = await xhr((it) => setTimeout(() => it.abort(), 20), XMLHttpRequest, `/slow${EVENTS}`);
    return [one.status, one.readyState, one.responseText];
  });
  await ask('XHR: too late', async () => {
    const log: string[] = [];
    await xhr(
      (one) => {
        one.timeout = 30;
        for (const name of ['timeout', 'error', 'abort', 'load']) one.addEventListener(name, () => log.push(name));
      },
      XMLHttpRequest,
      `/slow${EVENTS}`,
    );
    return log;
  });
  await ask('XHR: no answer', async () => {
    const log: string[] = [];
    const one = await xhr((it) => it.addEventListener('error', () => log.push('error')), XMLHttpRequest, `http://127.0.0.1:1${EVENTS}`);
    return [log, one.status, one.getAllResponseHeaders()];
  });

  // --- sendBeacon
  await ask('beacon: a text', () => navigator.sendBeacon(EVENTS, BODY));
  await ask('beacon: a Blob', () => navigator.sendBeacon(EVENTS, new Blob([BODY], { type: 'text/plain' })));
  await ask('beacon: too much', () => navigator.sendBeacon(EVENTS, 'x'.repeat(70_000)));
  await ask('beacon: on a stranger', () => Reflect.apply(Navigator.prototype.sendBeacon, {}, [EVENTS]) as unknown);
  await ask('beacon: wrong address', () => navigator.sendBeacon('http://['));

  // --- what the browser reports afterward
  await ask('what the policy reports', async () => {
    const seen = new Promise<unknown>((resolve) => {
      addEventListener(
        'securitypolicyviolation',
        ({ blockedURI, sourceFile, lineNumber, columnNumber }) => resolve({ blockedURI, sourceFile, lineNumber, columnNumber }),
        { once: true },
      );
    });
    await fetch(`${refused}/other`).catch(() => undefined);
    return seen;
  });
  await ask('resource timing', () =>
    [
      ...new Set(
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          // A beacon's entry appears whenever the browser happens to send it.
          .filter(({ initiatorType }) => initiatorType !== 'beacon')
          .map((one) => `${one.initiatorType} ${one.name}`),
      ),
    ].sort(),
  );
  await ask('what can be observed', () => PerformanceObserver.supportedEntryTypes);
  return answers;
}
