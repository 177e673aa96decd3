/** The states of a session and the transitions between them; the machine makes no others. */
import { type Session, underWay } from './session';

/** A session that shows a client is `idle`, `running` or `checking`. `carried`: an operation is carried to the next document. */
export type StateName = 'searching' | 'absent' | 'idle' | 'running' | 'checking' | 'carried' | 'unreachable';

const AWAY = { unreachable: 'the page isn’t accessible' } as const;
const LEFT = { searching: 'another document', absent: 'the SDK is gone', ...AWAY } as const;

/** For each state, the states that may follow it and their triggers. One reply from the page may cover several steps. */
export const STATES: Readonly<Record<StateName, Partial<Record<StateName, string>>>> = {
  searching: { idle: 'an SDK is ready', absent: 'the page has no SDK', ...AWAY },
  absent: { idle: 'an SDK appears', searching: 'another document', ...AWAY },
  unreachable: { searching: 'the page responds', idle: 'its SDK is there', absent: 'it has no SDK' },
  idle: { running: 'an operation is run', ...LEFT },
  running: { checking: 'the SDK responded', idle: 'no response in time', carried: 'the page navigates', ...LEFT },
  checking: { idle: 'the verdict is clear', carried: 'the page navigates', ...LEFT },
  carried: {
    running: 'the next document takes it up',
    checking: 'the reloaded page is back',
    idle: 'another SDK is shown',
    searching: 'it doesn’t come back',
    absent: 'the page comes back without an SDK',
    ...AWAY,
  },
};

export function stateOf({ stage, runs }: Session): StateName {
  if (stage.phase === 'attached') return underWay(stage)?.kind ?? 'idle';
  return runs.carried ? 'carried' : stage.phase;
}
