import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { argumentsOf, isEmpty, secretsOf, whatIsWrong, wrongWords } from '@/lib/forms/arguments';
import { callText } from '@/lib/forms/call-text';
import { changedOf, type Draft, draftOf, isCut, merged, valuesOf, withoutSecretFields } from '@/lib/forms/draft';
import { isRecord } from '@/lib/page/plain';
import { tableOf } from '@/lib/sdk/dialects';
import type { Argument } from '@/lib/sdk/operation';
import { leadsTo, OPERATIONS } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import { isOfCustomer, whoseOf } from '@/lib/session/account';
import { momentNow } from '@/lib/session/identity';
import type { Moment } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import { Fields } from '../operations/fields';
import { FormFrame, type FormProps } from '../operations/form-frame';
import { Presets } from '../operations/presets';
import { Changes, ConfirmEmail, Needs, SentBefore, whyNotConfirmed } from './account-form-parts';

const CUT_HINT = 'Truncated: typing replaces the whole value.';

/** The form of an account operation: its requirements, its fields, and exactly what will be sent. */
export function AccountForm({ name, model, session, client, ruled }: FormProps) {
  const { about, loses, note, account: matter } = OPERATIONS[name];
  const binding = tableOf(client.dialect)?.bindings[name];
  const all = argumentsOf(name, binding);
  // The account and customer that the form was opened for: changes are relative to that account, and only for that customer.
  const began = useMemo(() => ({ account: session.history.account, moment: momentNow(session) }), []);
  const isPersonal = matter?.edits || matter?.confirmedByEmail;
  const known = matter?.edits ? (began.account?.value ?? {}) : null;
  const args = all.map((arg) => (known && isCut(known[arg.name]) ? { ...arg, hint: CUT_HINT } : arg));
  const before = model.sent.value.findLast((one) => one.done && leadsTo(one.operation, name));
  /** The draft of the latest attempt, if that failed. */
  const again = () =>
    model.sent.value.findLast(
      (one) =>
        one.operation === name &&
        model.result.value?.id === one.id &&
        !one.done &&
        !(isPersonal && isAnother({ account: null, moment: one.by }, session)),
    );
  const site = useMemo(() => session.visit.origin, []);
  const leftBehind = () => {
    const kept = model.drafts.get(name);
    return kept && kept.site === site ? kept.draft : null;
  };
  const initial = useMemo(() => draftOf(args, known ?? knownOf(args, session)), []);
  const draft = useSignal<Draft>(useMemo(() => merged(args, initial, again()?.draft ?? leftBehind() ?? before?.draft ?? {}), []));
  const confirmed = useSignal('');
  const tried = useSignal(false);

  const { values, unreadable } = valuesOf(args, draft.value, known);
  const wrong = { ...whatIsWrong(name, binding, values), ...unreadable };
  const required = args.flatMap((arg) => (arg.type === 'text' && arg.required ? [arg.name] : []));
  const unconfirmed = matter?.confirmedByEmail ? whyNotConfirmed(confirmed.value, session.history.account) : null;
  // If an account is edited, only the changes.
  const kept = withoutSecretFields(args, known ? changedOf(args, draft.value, initial) : draft.value);
  const stranger = isPersonal && isAnother(began, session) ? 'The customer changed. Close and reopen this form.' : null;
  const run = (anyway: boolean) => {
    const id = model.run(name, values, anyway);
    if (id === null) return;
    finished.current = true;
    model.remember({ id, operation: name, at: model.now.value, by: momentNow(session), draft: { ...(before?.draft ?? {}), ...kept } });
  };
  const fields = { draft, wrong, tried: tried.value, began: known ? initial : null };
  const main = args.filter((arg) => !arg.aside);
  const more = args.filter((arg) => arg.aside);
  const isFilled = (filled: Draft) => Object.values(valuesOf(more, filled).values).some((value) => !isEmpty(value));
  // Only the user folds it: emptying the last field doesn't.
  const unfolded = useSignal(useMemo(() => isFilled(draft.value), []));
  const finished = useRef(false);
  useEffect(
    () => () => {
      // The page left while the form was being filled in. Personal data isn't kept for the next customer.
      if (finished.current || isPersonal) model.drafts.delete(name);
      else model.drafts.set(name, { site, draft: withoutSecretFields(args, draft.value) });
    },
    [],
  );
  return (
    <FormFrame
      name={name}
      model={model}
      ruled={ruled}
      lost={loses(values)}
      blocked={stranger ?? (Object.keys(wrong).length ? wrongWords(name, wrong) : unconfirmed)}
      run={run}
      canceled={() => {
        finished.current = true;
      }}
      tried={tried}
    >
      <p class="quiet">{about}</p>
      {matter && <Needs matter={matter} session={session} />}
      {known && !began.account && (
        <p class="quiet">
          Account not loaded: empty fields are left unchanged.{' '}
          <button type="button" class="link" onClick={() => model.run('getAccount', {})}>
            Load account
          </button>
        </p>
      )}
      {note && <p class="quiet">{note}</p>}
      {before && <SentBefore sent={before} now={model.now} />}
      {model.presets && session.visit.origin !== null && !session.tab.incognito && args.length > 0 && !matter?.confirmedByEmail && (
        <Presets
          shelf={model.presets}
          site={session.visit.origin}
          operation={name}
          draft={kept}
          fill={(filled) => {
            draft.value = merged(args, draft.value, filled);
            unfolded.value ||= isFilled(draft.value);
          }}
        />
      )}
      <div class={main.length > 6 ? 'fields wide' : 'fields'}>
        <Fields args={main} {...fields} />
      </div>
      {more.length > 0 && (
        <details
          class="more"
          open={unfolded.value}
          onToggle={(event) => {
            unfolded.value = event.currentTarget.open;
          }}
        >
          <summary>{more.length} more fields</summary>
          <div class="fields wide">
            <Fields args={more} {...fields} />
          </div>
        </details>
      )}
      {matter?.confirmedByEmail && (
        <ConfirmEmail
          read={model.readAccount}
          account={session.history.account}
          typed={confirmed.value}
          wrong={tried.value && unconfirmed !== null}
          set={(text) => (confirmed.value = text)}
        />
      )}
      {known && <Changes args={args} values={values} known={known} />}
      <div class="preview">
        <h3>Call preview</h3>
        <pre
          data-testid="preview"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions need keyboard access (axe scrollable-region-focusable)
          tabIndex={0}
        >
          {binding?.kind === 'native' ? callText(binding, client.place, values, { secrets: secretsOf(name), open: required }) : ''}
        </pre>
      </div>
    </FormFrame>
  );
}

/** Whether the customer differs from the one of the account, or of the moment, that the form was opened with. */
function isAnother({ account, moment }: { account: Session['history']['account']; moment: Moment | null }, session: Session): boolean {
  const now = momentNow(session);
  if (!now || !moment) return false;
  return !isOfCustomer(account ?? whoseOf(moment), now);
}

/** Known values of arguments: agreements from the account, and the provider that the customer signed in with. */
function knownOf(args: readonly Argument[], session: Session): Readonly<Record<string, Plain>> {
  return { clientIdentityProvider: momentNow(session)?.token?.origin ?? null, ...agreementsOf(args, session.history.account) };
}

function agreementsOf(args: readonly Argument[], account: Session['history']['account']): Readonly<Record<string, Plain>> {
  const agreed = account?.value['agreements'];
  if (!isRecord(agreed)) return {};
  return Object.fromEntries(
    args.flatMap(({ name, agreement, type }) => (agreement && type === 'flag' ? [[name, agreed[agreement] ?? null]] : [])),
  );
}
