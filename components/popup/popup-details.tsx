import { traitsOf } from '@/lib/sdk/dialects/names';
import { holderOf, type Session } from '@/lib/session/session';
import { CookiesCard } from '../session/cookies-card';
import { CustomerPane } from '../session/customer-pane';
import { SdkCard } from '../session/sdk-card';
import { TokenPane } from '../session/token-pane';
import type { Model } from '../state/model';

/** All that is known of the session, folded; without one, what is known of the SDK. */
export function PopupDetails({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  const holder = holderOf(stage);
  if (!holder)
    return (
      <>
        <CustomerPane model={model} session={session} />
        <SdkCard model={model} session={session} />
      </>
    );
  return (
    <details class="popup-more">
      <summary>Details</summary>
      <CustomerPane model={model} session={session} />
      <TokenPane model={model} session={session} stage={holder} hasRaw={false} />
      <SdkCard model={model} session={session} />
      {traitsOf(holder.client.dialect).onWeb && <CookiesCard model={model} session={session} />}
    </details>
  );
}
