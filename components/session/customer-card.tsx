import { identityOf } from '@/lib/session/identity';
import type { Customer, Session } from '@/lib/session/session';
import { uuidKind } from '@/lib/web/recipes';
import type { Model } from '../state/model';
import { FACT_WORDS, IDENTITY_WORDS } from '../state/words';
import { about, clock } from '../ui/format';
import { Card, CopyButton, Fact, Time } from '../ui/parts';
import { CauseLine } from './cause';

/** A larger offset between the page's clock and the worker's is reported (ms). */
const CLOCK_TOLERANCE = 2000;

/** Who the page's customer is. */
export function CustomerCard({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const { customer, client } = stage;
  const { identity, evidence } = identityOf(customer, stage.token);
  const { uuid, trouble } = customer;
  return (
    <Card title="Customer">
      <div class="line">
        <code data-testid="uuid" class="uuid">
          {uuid ?? ''}
        </code>
        {uuid !== null && <CopyButton data-testid="copy-uuid" what="the UUID" text={() => uuid} />}
      </div>
      {uuid === null && <p class="trouble">{troubleWords(trouble)}</p>}
      <dl>
        <Fact name="Identity" wide>
          {IDENTITY_WORDS[identity]} <span class="quiet">· {evidence}</span>
        </Fact>
        {uuid !== null && <Fact name="Kind">{uuidKind(uuid).words}</Fact>}
        {shownFacts(customer.facts).map(([name, value]) => (
          <Fact key={name} name={FACT_WORDS[name] ?? name} wide>
            {value === null || value === '' ? <span class="quiet">none</span> : <code>{String(value)}</code>}
          </Fact>
        ))}
        {session.history.spans.uuid && (
          <Fact name="Since" wide>
            <Time at={session.history.spans.uuid.from}>{clock(session.history.spans.uuid.from, model.now.value)}</Time>
            {session.history.documents > 1 && <span class="quiet"> · {session.history.documents} page loads</span>}
            <CauseLine cause={session.history.spans.uuid.cause} />
          </Fact>
        )}
        {session.history.signedOut && (
          <Fact name="Sign-out" wide>
            <Time at={session.history.signedOut.at}>{clock(session.history.signedOut.at, model.now.value)}</Time>
            <span class={session.history.signedOut.expired ? 'warn-text' : 'quiet'}>
              {session.history.signedOut.expired && ' · the session expired'}
              {session.history.signedOut.reason !== null && ` · ${session.history.signedOut.reason.replace(/\.$/, '')}, says the SDK`}
            </span>
          </Fact>
        )}
        {session.visit.clockOffset !== null && Math.abs(session.visit.clockOffset) > CLOCK_TOLERANCE && (
          <Fact name="Page clock" wide>
            <span class="warn-text">
              {about(session.visit.clockOffset)} {session.visit.clockOffset > 0 ? 'ahead of' : 'behind'} this computer's
            </span>
          </Fact>
        )}
        {client.unobserved.length > 0 && (
          <Fact name="Sampled" wide>
            <span class="quiet" title={client.unobserved.join(', ')}>
              {client.unobserved.length === 1 ? 'One method' : `${client.unobserved.length} methods`} cannot be observed: the page's calls
              of {client.unobserved.length === 1 ? 'it' : 'them'} show within a second, by their effect
            </span>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

/** Facts that the SDK card shows. */
const OF_SDK = ['trackerKey', 'doNotTrack'];

const shownFacts = (facts: Customer['facts']) => Object.entries(facts).filter(([name]) => !OF_SDK.includes(name));

function troubleWords(trouble: string | null): string {
  if (trouble === null) return 'The UUID is being read.';
  if (trouble === 'empty') return 'The SDK gives no UUID: it may not be initialized yet.';
  return `The UUID cannot be read: ${trouble}`;
}
