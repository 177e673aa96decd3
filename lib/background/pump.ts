/** Keeps a request waiting in a page while that is wanted: one loop, however often it is called. */

/** `reached`: answered. `silent`: reached, and no answer. `between`: between two documents. `lost`: no way there. */
export type Exchanged = 'reached' | 'silent' | 'between' | 'lost';

export interface Pump {
  /** Runs the loop; a call while it runs makes it look once more. */
  run(): Promise<void>;
  isRunning(): boolean;
  /** What waits is not waited for: another document is shown. */
  leave(): void;
}

export interface Pumping {
  isWanted(): Promise<boolean>;
  /** @param wait how long the page may keep the request until there is news (ms) */
  exchange(wait: number): Promise<Exchanged>;
  /** Another way may open by itself. */
  mayComeBack(): boolean;
  /** Whether the page can keep a request until there is news. */
  mayWait(): boolean;
  /** How long the last answer took to be applied (ms). */
  taken(): number;
}

/** How long one request waits for news (ms): under the agent's lease, and under the 30 s after which a worker is stopped. */
export const WAIT = 5000;
/** The pause before trying again where the page is navigating (ms). */
export const SOON = 150;
/** The pauses before asking again (ms): between two documents, a page that does not answer or answers rubbish, one that cannot be looked into. */
const PAUSES = { between: SOON, silent: 500, lost: 1000 } as const;
/** The pause between two questions to a page whose own timers were not seen to ring (ms). */
const POLL = 250;
/** The pause between two requests that brought news (ms). */
const BREATH = 30;

/** @param ms how long */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function createPump({ isWanted, exchange, mayComeBack, mayWait, taken }: Pumping): Pump {
  let pumping = false;
  let again = false;
  let leaveWait: () => void = () => undefined;

  async function run(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again) {
        again = false;
        // The first answer comes at once, so that a view is filled at once.
        for (let wait = 0; await isWanted(); ) {
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
          // A page that does not answer is asked again in a while; one that always has news gets a quarter of the time.
          const rest = exchanged !== 'reached' ? PAUSES[exchanged] : !mayWait() ? POLL : wait > 0 ? Math.max(BREATH, 3 * taken()) : 0;
          if (rest > 0) await Promise.race([left, pause(rest)]);
          wait = exchanged === 'reached' && mayWait() && !leaving ? WAIT : 0;
        }
      }
    } finally {
      pumping = false;
    }
  }

  return { run, isRunning: () => pumping, leave: () => leaveWait() };
}
