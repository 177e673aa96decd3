import type { ComponentChildren } from 'preact';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { holderOf, type Session, sdkOf } from '@/lib/session/session';
import { CauseCell } from '../session/cause';
import { Countdown, Life } from '../session/life';
import { NoUuid } from '../session/no-uuid';
import { RawToken } from '../session/raw-token';
import { missingWords, originWords } from '../session/token-words';
import type { Model } from '../state/model';
import { Fact, Time } from '../ui/cards';
import { time } from '../ui/format';
import { CopyIconButton } from '../ui/parts';
import { Actions, PopupDetails, PopupIssues } from './popup-parts';

/** The popup's session: the main facts and the actions, with everything else folded below. */
export function PopupSession({ model, session, sdk }: { model: Model; session: Session; sdk: ComponentChildren }) {
  const { stage } = session;
  const attached = holderOf(stage);
  const client = sdkOf(stage);
  const uuid = attached?.customer.uuid ?? null;
  const span = session.history.spans.uuid;
  const facts = attached?.token.kind === 'known' ? attached.token.facts : null;
  const now = model.now.value;
  const { lead } = session.policy;
  return (
    <>
      <dl class="popup-facts">
        {attached && (
          <>
            <div class="fact">
              <dt>UUID</dt>
              <dd class="values">
                <code class="uuid" data-testid="uuid">
                  {uuid ?? ''}
                </code>
                {uuid === null ? (
                  <NoUuid trouble={attached.customer.trouble} />
                ) : (
                  <CopyIconButton data-testid="copy-uuid" what="UUID" text={() => uuid} />
                )}
              </dd>
            </div>
            {span && (
              <Fact name="">
                <span class="quiet">
                  Since <Time at={span.from}>{time(span.from)}</Time> · <CauseCell cause={span.cause} />
                </span>
              </Fact>
            )}
            <div class="fact">
              <dt>Token</dt>
              <dd class="values">
                {facts ? (
                  <>
                    <Countdown facts={facts} lead={lead} now={now} testid="token-countdown" />
                    <Life facts={facts} lead={lead} now={now} />
                    {facts.expiresAt !== null && (
                      <span class="quiet">
                        <Time at={facts.expiresAt}>{time(facts.expiresAt)}</Time>
                      </span>
                    )}
                  </>
                ) : (
                  <span class="quiet">{missingWords(attached.token)}</span>
                )}
              </dd>
            </div>
            {facts && <RawToken key={facts.raw} raw={facts.raw} name="" copyId="copy-token" />}
            {facts && (
              <Fact name="">
                <span class="quiet">
                  <span data-testid="token-origin" data-origin={facts.origin ?? ''}>
                    {originWords(facts.origin, traitsOf(attached.client.dialect).tokenBy)}
                  </span>
                  {facts.clientId !== null && ` · client ${facts.clientId}`}
                </span>
              </Fact>
            )}
          </>
        )}
        <div class="fact">
          <dt>{client ? 'SDK' : ''}</dt>
          <dd class="values">{sdk}</dd>
        </div>
      </dl>
      {attached && <Actions model={model} session={session} isPopup />}
      <PopupIssues model={model} />
      {attached ? (
        <details class="popup-more">
          <summary>Details</summary>
          <PopupDetails model={model} session={session} />
        </details>
      ) : (
        <PopupDetails model={model} session={session} />
      )}
    </>
  );
}
