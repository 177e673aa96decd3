import { identityOf } from '@/lib/session/identity';
import { type Customer, holderOf, type Session } from '@/lib/session/session';
import { count } from '@/lib/text/count';
import { uuidKind } from '@/lib/web/recipes';
import type { Model } from '../state/model';
import { FACT_WORDS, IDENTITY_WORDS, placeWords } from '../state/words';
import { Card, Fact, Time } from '../ui/cards';
import { about, clock } from '../ui/format';
import { CopyIconButton } from '../ui/parts';
import { ChangedBy } from './cause';
import { NoUuid } from './no-uuid';

/** A larger offset between the page's clock and the worker's is reported (ms). */
const CLOCK_TOLERANCE = 2000;

/** The page's customer. */
export function CustomerPane({ model, session }: { model: Model; session: Session }) {
  const { stage, history, visit } = session;
  if (stage.phase !== 'attached') return null;
  if (!holderOf(stage)) return <BridgeCard place={stage.client.place} />;
  const now = model.now.value;
  const { customer, client } = stage;
  const { identity, evidence } = identityOf(customer, stage.token);
  const { uuid, trouble } = customer;
  const span = history.spans.uuid;
  return (
    <Card title="Customer">
      <dl>
        <Fact name="Identity">
          {IDENTITY_WORDS[identity]} <code class="quiet">{evidence}</code>
        </Fact>
        <div class="fact">
          <dt>UUID</dt>
          <dd class="values">
            <code class="uuid cut-off" title={uuid ?? undefined}>
              {uuid ?? ''}
            </code>
            {uuid === null ? <NoUuid trouble={trouble} /> : <CopyIconButton what="UUID" text={() => uuid} />}
          </dd>
        </div>
        {uuid !== null && <Fact name="UUID type">{uuidKind(uuid).words}</Fact>}
        {shownFacts(customer.facts).map(([name, value]) => (
          <Fact key={name} name={FACT_WORDS[name] ?? name}>
            {value === null || value === '' ? <span class="quiet">none</span> : <code>{String(value)}</code>}
          </Fact>
        ))}
        {span && (
          <>
            <Fact name="Since">
              <Time at={span.from}>{clock(span.from, now)}</Time>
              {history.documents > 1 && <span class="quiet"> · {history.documents} page loads</span>}
            </Fact>
            <Fact name="Changed by">
              <ChangedBy cause={span.cause} />
            </Fact>
          </>
        )}
        {history.signedOut && (
          <Fact name="Signed out">
            <Time at={history.signedOut.at}>{clock(history.signedOut.at, now)}</Time>
            <span class={history.signedOut.expired ? 'warn-text' : 'quiet'}>
              {history.signedOut.expired && ' · session expired'}
              {history.signedOut.reason !== null && ` · ${history.signedOut.reason.replace(/\.$/, '')} (reported by the SDK)`}
            </span>
          </Fact>
        )}
        {visit.clockOffset !== null && Math.abs(visit.clockOffset) > CLOCK_TOLERANCE && (
          <Fact name={placeWords('Page clock', session.tab.site)}>
            <span class="warn-text">
              {about(visit.clockOffset)} {visit.clockOffset > 0 ? 'ahead' : 'behind'}
            </span>
          </Fact>
        )}
        {client.unobserved.length > 0 && (
          <Fact name="Polled">
            <span class="quiet" title={client.unobserved.join(', ')}>
              {count(client.unobserved.length, 'method')} can’t be hooked (frozen). Changes are detected by polling every second.
            </span>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

/** In place of the customer, where calls only pass through to an app. */
function BridgeCard({ place }: { place: string }) {
  return (
    <Card title="In-app message">
      <p>
        <code>{place}</code> passes calls to the app’s SDK. UUID and token stay in the app: connect to it to see them. Calls are in the
        Timeline.
      </p>
    </Card>
  );
}

const OF_SDK = ['trackerKey', 'doNotTrack'];

const shownFacts = (facts: Customer['facts']) => Object.entries(facts).filter(([name]) => !OF_SDK.includes(name));
