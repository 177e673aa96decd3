import { useMemo } from 'preact/hooks';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { holderOf, type Session } from '@/lib/session/session';
import { Actions } from '../operations/actions';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { CookiesCard } from './cookies-card';
import { CustomerPane } from './customer-pane';
import { HistoryPane } from './history-pane';
import { SdkCard } from './sdk-card';
import { TokenPane } from './token-pane';

/** The Session tab: the actions on the session, and below them customer, token and history side by side. */
export function SessionView({
  model,
  session,
  record,
  active,
  go,
}: {
  model: Model;
  session: Session;
  record: Source;
  active: boolean;
  go(seq: number): void;
}) {
  const { stage } = session;
  const attached = holderOf(stage);
  const { nth } = session.history;
  // The same vnode, which Preact doesn't compare again: most changes of a session aren't in its history.
  const history = useMemo(() => <HistoryPane nth={nth} record={record} active={active} go={go} />, [nth, record, active, go]);
  return (
    <div class="filled session">
      {attached && <Actions model={model} session={session} />}
      <div class="panes">
        <div class="pane">
          <CustomerPane model={model} session={session} />
          <SdkCard model={model} session={session} />
        </div>
        {attached && (
          <>
            <div class="pane">
              <TokenPane model={model} session={session} stage={attached} />
              {traitsOf(attached.client.dialect).onWeb && <CookiesCard model={model} session={session} />}
            </div>
            <div class="pane">{history}</div>
          </>
        )}
      </div>
    </div>
  );
}
