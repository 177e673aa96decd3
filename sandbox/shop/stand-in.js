// What every stand-in of an SDK has, whatever its dialect: its page's switches, breakage, records of calls, a hook for tests.
export const query = new URLSearchParams(location.search);

/** Runs `work` after `?name=ms`; `?name=held`: not before the page is told to, however slow its onlooker is. */
export function after(name, standard, work) {
  const asked = query.get(name) ?? standard;
  if (asked === 'held') addEventListener(`sandbox:${name === 'late' ? 'load' : name}`, work, { once: true });
  else if (Number(asked) === 0) work();
  else setTimeout(work, Number(asked));
}

/** `?break=method:swallow`: the native side throws where nobody but the console hears it. */
export function swallowed(name) {
  const asked = query.getAll('break').includes(`${name}:swallow`);
  if (asked) console.error(new TypeError(`the native side of ${name} broke`));
  return asked;
}

/** How breakage answers in an SDK whose last two arguments are its callbacks. */
export const CALLBACKS = {
  answer: (args, value) => args.at(-2)?.(value),
  hang: () => undefined,
  twice(own, target, args) {
    own.apply(target, args);
    setTimeout(() => own.apply(target, args), 50);
  },
};

/**
 * Breaks the client as its page asks, records what is called of it, and shows what it holds to tests.
 * `layers` are the objects that have the methods; `getters` are counted in `reads` and not listed in `calls`;
 * `also` is an object of which only the methods named by `of` are the session's.
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

/** Wraps the methods of `layer`, or those that are named; names, lengths and descriptors stay. */
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

/** Arguments as plain data; functions, and objects that only carry some, are left out. */
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
 * Breaks methods in the ways that real ones break: `?break=refreshToken:hang`, or `?break=frozen` for all of them.
 * throw, hang, twice, cycle, getter, huge, proxy, bigint, removed; swallow is the native side's
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
