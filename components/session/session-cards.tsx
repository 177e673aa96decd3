import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';
import { CustomerCard } from './customer-card';
import { SdkCard } from './sdk-card';
import { TokenCard } from './token-card';

/** The customer, token and SDK cards: a separate chunk, loaded in parallel with the view. */
export function SessionCards({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  return (
    <>
      {stage.phase === 'attached' && (
        <>
          <CustomerCard model={model} session={session} />
          <TokenCard model={model} session={session} stage={stage} />
        </>
      )}
      <SdkCard model={model} session={session} />
    </>
  );
}
