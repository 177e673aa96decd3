/** Keeps a request waiting in a page while that is wanted. Only one loop runs, however often it is called. */

/** `reached`: answered. `silent`: reached, but no answer. `between`: between two documents. `lost`: cannot be reached. */
export type Exchanged = 'reached' | 'silent' | 'between' | 'lost';

export interface Pump {
  /** Runs the loop. A call while it runs makes it go around once more before it ends. */
  run(): Promise<void>;
  isRunning(): boolean;
  /** Stops waiting for the current request, because another document is shown. */
  leave(): void;
  /** A command is about to be sent: the news that it leads to is requested without pauses, and starts a new burst. */
  expect(): void;
}

export interface Pumping {
  isWanted(): Promise<boolean>;
  /** @param wait how long the page may hold the request until there is news (ms) */
  exchange(wait: number): Promise<Exchanged>;
  /** Whether a lost page may become reachable again automatically. */
  mayComeBack(): boolean;
  /** Whether the page can hold a request until there is news. */
  mayWait(): boolean;
  /** How long it took to apply the last reply (ms). */
  taken(): number;
}

/** How long one request waits for news (ms): less than the agent's lease, and than the 30 s after which a worker is stopped. */
export const WAIT = 5000;
/** The pause before the next attempt while the page is navigating (ms). */
export const SOON = 150;
/** The pauses before the next request (ms): between two documents, after no answer or an invalid one, and with no way to the page. */
const PAUSES = { between: SOON, silent: 500, lost: 1000 } as const;
/** The pause between two requests to a page whose timers have not been seen to fire (ms). */
const POLL = 250;
/** The shortest pause between two requests that returned news (ms), once a page has had news `BURST` times in a row. */
const BREATH = 30;
const BURST = 4;
/** Such a burst ends when the page has had no news for this long (ms). */
const STEADY = 500;

/** Resolves after `ms` milliseconds. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function createPump({ isWanted, exchange, mayComeBack, mayWait, taken }: Pumping): Pump {
  let pumping = false;
  let again = false;
  let leaveWait: () => void = () => undefined;
  /** How often in a row the page had news. */
  let quick = 0;
  let endBreath: () => void = () => undefined;

  async function run(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again) {
        again = false;
        quick = 0;
        // The first request does not wait for news, so that a view gets its data at once.
        for (let wait = 0; await isWanted(); ) {
          const asked = performance.now();
          let leaving = false;
          const left = new Promise<'left'>((resolve) => {
            leaveWait = () => {
              leaving = true;
              resolve('left');
            };
          });
          const exchanged = await Promise.race([exchange(wait), left]);
          if (exchanged === 'left') {
            wait = 0;
            continue;
          }
          if (exchanged === 'lost' && !mayComeBack()) break;
          quick = performance.now() - asked < STEADY ? quick + 1 : 0;
          // Pause before asking a page again that did not answer; a page that always has news gets a quarter of the time.
          const breath = quick > BURST ? Math.max(BREATH, 3 * taken()) : 0;
          const rest = exchanged !== 'reached' ? PAUSES[exchanged] : !mayWait() ? POLL : wait > 0 ? breath : 0;
          const waived = new Promise<void>((resolve) => {
            endBreath = resolve;
          });
          if (rest > 0) await Promise.race([left, pause(rest), ...(rest === breath ? [waived] : [])]);
          wait = exchanged === 'reached' && mayWait() && !leaving ? WAIT : 0;
        }
      }
    } finally {
      pumping = false;
    }
  }

  return {
    run,
    isRunning: () => pumping,
    leave: () => leaveWait(),
    expect() {
      quick = 0;
      endBreath();
    },
  };
}
