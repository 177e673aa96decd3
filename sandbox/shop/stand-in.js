// Shared by the SDK stand-ins of all dialects: the page's switches, simulated breakage, records of calls, a hook for tests.
export const query = new URLSearchParams(location.search);

/** Runs `work` after `?name=ms`. `?name=held` waits for an event instead, so that a slow observer doesn't miss it. */
export function after(name, standard, work) {
  const asked = query.get(name) ?? standard;
  if (asked === 'held') addEventListener(`sandbox:${name === 'late' ? 'load' : name}`, work, { once: true });
  else if (Number(asked) === 0) work();
  else setTimeout(work, Number(asked));
}

/** `?break=method:swallow`: the native side throws an error that only the console reports. */
export function swallowed(name) {
  const asked = query.getAll('break').includes(`${name}:swallow`);
  if (asked) console.error(new TypeError(`the native side of ${name} broke`));
  return asked;
}

/** How broken methods respond in an SDK whose last two arguments are callbacks. */
export const CALLBACKS = {
  answer: (args, value) => args.at(-2)?.(value),
  hang: () => undefined,
  twice(own, target, args) {
    own.apply(target, args);
    setTimeout(() => own.apply(target, args), 50);
  },
};

/**
 * Breaks the client as the page's URL says, records its calls, and exposes its state to tests.
 * `layers` are the objects that have the methods; `getters` are counted in `reads` and not listed in `calls`;
 * `also` is an object of which only the methods named by `of` belong to the session.
 */
export function standIn({ dialect, layers, getters, held, convention = CALLBACKS, also, of = [] }) {
  breakMethods(layers, getters, convention, (name) => (of.includes(name) ? also : undefined));
  const calls = [];
  const reads = {};
  const note = (name, args) => {
    if (getters.includes(name)) reads[name] = (reads[name] ?? 0) + 1;
    else calls.push([name, plainArguments(args)]);
  };
  for (const layer of layers) record(layer, note);
  if (also) record(also, note, of);
  if (query.getAll('break').includes('frozen')) layers.forEach(Object.freeze);
  Object.defineProperty(globalThis, 'sandboxSdk', { configurable: true, value: { dialect, held, calls, reads } });
}

/** Wraps the methods of `layer`, or only those in `names`; preserves names, lengths and descriptors. */
function record(layer, note, names) {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(layer))) {
    const own = descriptor.value;
    if (typeof own !== 'function' || name === 'constructor' || names?.includes(name) === false) continue;
    const { [name]: value } = {
      [name](...args) {
        note(name, args);
        return own.apply(this, args);
      },
    };
    Object.defineProperty(value, 'length', { configurable: true, value: own.length });
    Object.defineProperty(layer, name, { ...descriptor, value });
  }
}

/** Arguments as plain data, without functions and objects that contain nothing else. */
function plainArguments(args) {
  return args.flatMap((arg) => {
    if (typeof arg === 'function') return [];
    if (typeof arg !== 'object' || arg === null) return [typeof arg === 'bigint' ? String(arg) : arg];
    try {
      const plain = JSON.parse(JSON.stringify(arg));
      const carries = Object.values(arg).some((value) => typeof value === 'function');
      return carries && Object.keys(plain).length === 0 ? [] : [plain];
    } catch {
      return ['[not plain]'];
    }
  });
}

/**
 * Breaks methods in the ways that real ones break, for example `?break=refreshToken:hang`. Handles throw, hang, twice, cycle,
 * getter, huge, proxy, bigint and removed; `standIn` handles `frozen`, and the native side handles swallow.
 */
function breakMethods(layers, getters, convention, elsewhere) {
  const cycle = { name: 'cycle' };
  cycle.self = cycle;
  const rubbish = {
    cycle,
    huge: 'x'.repeat(5_000_000),
    bigint: { amount: 10n ** 30n },
    getter: Object.defineProperty({}, 'value', {
      enumerable: true,
      get: () => {
        throw new TypeError('this getter throws');
      },
    }),
    proxy: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError('this proxy throws');
        },
      },
    ),
  };
  for (const order of query.getAll('break')) {
    const [name, how] = order.split(':');
    const target = layers.find((layer) => name in layer) ?? elsewhere(name);
    if (!target || how === 'swallow') continue;
    const own = target[name];
    const ways = {
      throw: () => {
        throw new TypeError(`${name} broke`);
      },
      hang: convention.hang,
      twice: (...args) => convention.twice(own, target, args),
      removed: undefined,
    };
    target[name] = how in ways ? ways[how] : (...args) => (getters.includes(name) ? rubbish[how] : convention.answer(args, rubbish[how]));
  }
}
