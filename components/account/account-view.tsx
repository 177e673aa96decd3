import { tableOf } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { traitsOf } from '@/lib/sdk/dialects/names';
import './account.css';
import type { AccountGroup } from '@/lib/sdk/operation';
import { ACCOUNT_OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { type Availability, bindingKind } from '@/lib/session/availability';
import { momentNow } from '@/lib/session/identity';
import type { Session } from '@/lib/session/session';
import { ActionButton, rulingOf } from '../operations/action-button';
import { NextStep } from '../operations/next-step';
import type { Model } from '../state/model';
import { Card } from '../ui/parts';
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
  if (!hasAccounts(stage.client.dialect)) return <NoAccounts>{[...OF_CARD.map(button), ...buttons]}</NoAccounts>;
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
      <Card title="Drive the account">
        <div class="account-actions">{buttons}</div>
        <NextStep model={model} session={session} />
        {!inCard && form}
      </Card>
    </div>
  );
}

function whyEmpty(session: Session): string {
  const identity = momentNow(session)?.identity ?? 'unknown';
  if (identity === 'signed-in') return 'The account is read when you ask for it: “Read account” has the page’s SDK fetch it.';
  if (identity === 'unknown') return 'Whether somebody is signed in is not known. “Read account” shows what the SDK answers.';
  return 'Nobody is signed in, so there is no account to read. Sign in on the page or with “Sign in” here, or try what the SDK answers.';
}

/** For the Web SDK, which has no account operations. */
function NoAccounts({ children }: { children: preact.ComponentChildren }) {
  return (
    <section class="empty-state">
      <h2>The Web SDK knows no accounts</h2>
      <p>
        Signing in, and the data of an account, are the matter of the site and its backend: the Web SDK is only given the customer’s UUID
        and the site’s token. The Session tab shows both; the mobile SDKs (React Native, Flutter, iOS, Android) have accounts.
      </p>
      <details>
        <summary>What those SDKs offer</summary>
        <div class="account-actions">{children}</div>
      </details>
    </section>
  );
}
