import { traitsOf } from '@/lib/sdk/dialects/names';
import { holderOf, type Session } from '@/lib/session/session';
import { CookiesCard } from '../session/cookies-card';
import { CustomerPane } from '../session/customer-pane';
import { SdkCard } from '../session/sdk-card';
import { TokenPane } from '../session/token-pane';
import type { Model } from '../state/model';

/** All that is known of the session; without one, what is known of the SDK. */
export function PopupDetails({ model, session }: { model: Model; session: Session }) {
  const holder = holderOf(session.stage);
  return (
    <>
      <CustomerPane model={model} session={session} />
      {holder && <TokenPane model={model} session={session} stage={holder} hasRaw={false} />}
      <SdkCard model={model} session={session} />
      {holder && traitsOf(holder.client.dialect).onWeb && <CookiesCard model={model} session={session} />}
    </>
  );
}
