/** A session that is told one thing after another, all of it frozen: a transition that is not pure throws. */

import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import { type Effect, type SessionEvent, type Transition, transition } from '@/lib/session/machine';
import { lastOutcome } from '@/lib/session/run';
import { type Listed, newSession, type Session } from '@/lib/session/session';
import { type Draft, frozen, MINUTE, ORIGIN, page, replyOf, sample, T0, tokenReport, wireToken } from './make';

export function story(tab = 7) {
  let session: Session = frozen(newSession(tab, false, T0));
  const all: Effect[] = [];
  const tell = (event: SessionEvent): Transition => {
    const next = frozen(transition(session, frozen(event)));
    session = next.session;
    all.push(...next.effects);
    return next;
  };
  const seqs = new Map<string, number>();
  return {
    tell,
    effects: all,
    get session() {
      return session;
    },
    get stage() {
      if (session.stage.phase !== 'attached') throw new Error(`not attached but ${session.stage.phase}`);
      return session.stage;
    },
    /** The page says `drafts` at `at`; as the answer to what the shown document was asked, unless `target` says another. */
    says(
      at: number,
      drafts: Draft[],
      document = 'doc-1',
      origin = ORIGIN,
      { pageNow = at, target = session.tab.target?.document ?? null }: { pageNow?: number; target?: string | null } = {},
    ) {
      const reply = replyOf(document, seqs.get(document) ?? 0, pageNow, drafts, origin);
      seqs.set(document, (seqs.get(document) ?? 0) + drafts.length);
      return tell({ at, type: 'reply', reply, target });
    },
    run(id: string, at: number, operation: OperationName = 'regenerateUUID', args: ArgumentValues = {}, anyway = false) {
      return tell({ at, type: 'run', id, operation, args, anyway, deadline: 10_000 });
    },
    lists: (at: number, ...documents: Listed[]) => tell({ at, type: 'listed', documents, beyond: [] }),
    choose: (at: number, document: string, ref = 1) => tell({ at, type: 'choose', document, ref }),
    /** The worker dies, and another reads what was stored. */
    restart() {
      session = frozen(JSON.parse(JSON.stringify(session)) as Session);
    },
  };
}
/** A session with what a person's last operation came to. */
export const withLast = (session: Session) => ({ ...session, last: lastOutcome(session.runs) });

export type Story = ReturnType<typeof story>;

export const sends = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.type === 'send' ? [effect.command] : []));

/** A story that begins with one customer in the top document. */
export const attached = (): Story => {
  const made = story();
  made.says(T0, [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE))]);
  return made;
};
