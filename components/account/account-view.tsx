import { tableOf } from '@/lib/sdk/dialects';
import { type DialectName, type Traits, traitsOf } from '@/lib/sdk/dialects/names';
import './account.css';
import type { AccountGroup } from '@/lib/sdk/operation';
import { ACCOUNT_OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { type Availability, bindingKind } from '@/lib/session/availability';
import { momentNow } from '@/lib/session/identity';
import type { Session } from '@/lib/session/session';
import { ActionButton, rulingOf } from '../operations/action-button';
import { NextStep } from '../operations/next-step';
import type { Model } from '../state/model';
import { placeWords } from '../state/words';
import { Card } from '../ui/cards';
import { AccountCard } from './account-card';
import { AccountForm } from './account-form';
import { GROUP_WORDS } from './account-words';

/** The operations in the account card's header; the other profile operations are in the list below. */
const OF_CARD: readonly OperationName[] = ['getAccount', 'updateAccount', 'updateAccountBasicInformation'];

/** Whether a dialect supports accounts at all. */
const hasAccounts = (dialect: DialectName): boolean =>
  ACCOUNT_OPERATION_NAMES.some((name) => (tableOf(dialect)?.bindings[name]?.kind ?? 'unavailable') !== 'unavailable');

/** The customer's account, and the SDK's account operations. */
export function AccountView({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const names = ACCOUNT_OPERATION_NAMES.filter((name) => bindingKind(session, name) !== null);
  const rulings = new Map<OperationName, Availability>(names.map((name) => [name, rulingOf(model, session, name)]));
  const button = (name: OperationName) => (
    <ActionButton key={name} name={name} model={model} session={session} ruled={rulings.get(name) as Availability} />
  );
  const open = model.form.value;
  const form = open !== null && rulings.has(open) && (
    <AccountForm key={open} name={open} model={model} session={session} client={stage.client} ruled={rulings.get(open) as Availability} />
  );
  const inCard = open !== null && OF_CARD.includes(open);
  const groups = Object.entries(GROUP_WORDS) as [AccountGroup, string][];
  const buttons = groups
    .map(([group, words]) => ({ group, words, its: names.filter((name) => OPERATIONS[name].group === group && !OF_CARD.includes(name)) }))
    .filter(({ its }) => its.length)
    .map(({ group, words, its }) => (
      <div key={group} class="group-row">
        <h3>{words}</h3>
        <span class="group">{its.map(button)}</span>
      </div>
    ));
  if (!hasAccounts(stage.client.dialect))
    return <NoAccounts sdk={traitsOf(stage.client.dialect)}>{[...OF_CARD.map(button), ...buttons]}</NoAccounts>;
  return (
    <div class="account-columns">
      <AccountCard
        account={session.history.account}
        now={model.now}
        misread={traitsOf(stage.client.dialect).misreadsTime ?? ''}
        buttons={OF_CARD.filter((name) => rulings.has(name)).map(button)}
        empty={whyEmpty(session)}
      >
        {inCard && form}
      </AccountCard>
      <Card title="Account actions">
        <div class="account-actions">{buttons}</div>
        <NextStep model={model} session={session} />
        {!inCard && form}
      </Card>
    </div>
  );
}

function whyEmpty(session: Session): string {
  const identity = momentNow(session)?.identity ?? 'unknown';
  if (identity === 'signed-in') return 'Not loaded.';
  if (identity === 'unknown') return 'Sign-in state unknown. Load the account to see the SDK’s response.';
  return placeWords('Not signed in. Sign in on the page or below.', session.tab.site);
}

/** For the Web SDK and for bridges, which have no account operations. */
function NoAccounts({ sdk, children }: { sdk: Traits; children: preact.ComponentChildren }) {
  return (
    <section class="empty-state">
      <h2>No account API</h2>
      <p>{sdk.isBridge ? 'The app’s SDK handles accounts.' : 'The Web SDK has no account API; your site’s backend handles accounts.'}</p>
      {!sdk.isBridge && (
        <details>
          <summary>Mobile SDK account actions</summary>
          <div class="account-actions">{children}</div>
        </details>
      )}
    </section>
  );
}
