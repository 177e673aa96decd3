import { traitsOf } from '@/lib/sdk/dialects/names';
import type { Session } from '@/lib/session/session';
import { CookiesCard } from '../session/cookies-card';
import { CustomerPane } from '../session/customer-pane';
import { SdkCard } from '../session/sdk-card';
import { TokenPane } from '../session/token-pane';
import type { Model } from '../state/model';

/** All that is known of the session, folded; without one, what is known of the SDK. */
export function PopupDetails({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  if (stage.phase !== 'attached') return <SdkCard model={model} session={session} />;
  return (
    <details class="popup-more">
      <summary>Details</summary>
      <CustomerPane model={model} session={session} />
      <TokenPane model={model} session={session} stage={stage} hasRaw={false} />
      <SdkCard model={model} session={session} />
      {traitsOf(stage.client.dialect).onWeb && <CookiesCard model={model} session={session} />}
    </details>
  );
}
