/** The bar on top of every tab: who the customer is, which token they hold and for how long, and on which site and SDK. */
import { traitsOf } from '@/lib/sdk/dialects/names';
import { holderOf, type Session } from '@/lib/session/session';
import { Countdown, Life } from '../session/life';
import { NoUuid } from '../session/no-uuid';
import { missingWords, originWords } from '../session/token-words';
import type { Model } from '../state/model';
import { CopyIconButton } from '../ui/parts';
import { Sdk, Site, State } from './status';
import { WatchSwitch } from './watch-switch';

export function IdentityBar({ model, session }: { model: Model; session: Session | null }) {
  const stage = session && holderOf(session.stage);
  const uuid = stage?.customer.uuid ?? null;
  const facts = stage?.token.kind === 'known' ? stage.token.facts : null;
  return (
    <header class="identity">
      <h1 class="offscreen">Synerise session</h1>
      <State model={model} session={session} />
      {stage && (
        <span class="holds-uuid">
          <span class="quiet">UUID</span>
          <code class="uuid" data-testid="uuid">
            {uuid ?? ''}
          </code>
          {uuid === null ? (
            <NoUuid trouble={stage.customer.trouble} isCut />
          ) : (
            <CopyIconButton data-testid="copy-uuid" what="UUID" text={() => uuid} />
          )}
        </span>
      )}
      {stage && session && (
        <span class="holds-token">
          <span class="quiet">Token</span>
          {facts ? (
            <>
              <span class="only-wide" data-testid="token-origin" data-origin={facts.origin ?? ''} title="Token origin">
                {originWords(facts.origin, traitsOf(stage.client.dialect).tokenBy)}
              </span>
              <Countdown facts={facts} lead={session.policy.lead} now={model.now.value} testid="token-countdown" />
              <Life facts={facts} lead={session.policy.lead} now={model.now.value} />
              <CopyIconButton data-testid="copy-token" what="token" text={() => facts.raw} />
            </>
          ) : (
            <span class="quiet">{missingWords(stage.token)}</span>
          )}
        </span>
      )}
      <span class="spacer" />
      <Site session={session} />
      <Sdk model={model} session={session} />
      <span class="watch">
        <WatchSwitch model={model} session={session} />
      </span>
      <span class="row-end" aria-hidden="true" />
    </header>
  );
}
