import type { Session } from '@/lib/session/session';
import { CustomerCard } from './customer-card';
import type { Model } from './model';
import { TokenCard } from './token-card';

/** Who the customer is, and the token that they hold: in a chunk of its own, loaded beside the view. */
export function SessionCards({ model, session }: { model: Model; session: Session }) {
  if (session.stage.phase !== 'attached') return null;
  return (
    <>
      <CustomerCard model={model} session={session} />
      <TokenCard model={model} session={session} stage={session.stage} />
    </>
  );
}
