import type { ComponentChildren } from 'preact';
import type { ClientInfo } from '@/lib/page/wire';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';
import { later } from '../ui/later';

// Loaded lazily: few pages need these texts.
const Why = later(async () => (await import('./why-nothing')).WhyNothing);

/** Why there is nothing to show, and what helps. */
export function EmptyState({ model, session, view }: { model: Model; session: Session | null; view: 'panel' | 'popup' }) {
  if (!session) return <Empty title="One moment">The session of this page is on its way.</Empty>;
  const { stage } = session;
  const [idle] = session.page.idle;
  switch (stage.phase) {
    case 'attached':
      return null;
    case 'searching':
      return (
        <Empty title={stage.candidate ? 'The SDK is not initialized yet' : 'Looking for a Synerise SDK'} busy>
          {stage.candidate ? <Why session={session} /> : 'Waiting for the page to load the SDK.'}
        </Empty>
      );
    case 'absent':
      return (
        <Empty
          title={stage.candidate ? ABSENT_TITLES[stage.candidate.state] : idle ? IDLE_TITLE : 'No Synerise SDK on this page'}
          action={['Look again', () => model.readAgain()]}
        >
          {stage.candidate || idle || session.page.load === 'stuck' ? (
            <Why session={session} />
          ) : (
            <>
              Checked <code>Synerise</code>, <code>Client</code>, <code>SNRClient</code> and <code>SR</code>; still listening. Bundled SDK?{' '}
              <a href={`/options.html?tabId=${model.tab}`} target="_blank" rel="noreferrer">
                Set its path…
              </a>
            </>
          )}
          {session.page.strays.length > 0 && (
            <span class="warn-text strays">
              Nothing of the kind stands at {new Intl.ListFormat('en').format(session.page.strays)}, where one was promised.
            </span>
          )}
        </Empty>
      );
    case 'unreachable':
      return stage.problem.kind === 'forbidden' || stage.problem.kind === 'hostile' ? (
        <Empty title="This page cannot be looked into" action={['Try again', () => model.readAgain()]}>
          <Why session={session} />
        </Empty>
      ) : stage.problem.code === 'navigated' ? (
        <Empty title="The page went away" busy>
          <Why session={session} />
        </Empty>
      ) : stage.problem.kind === 'gone' ? (
        <Empty title="The tab was closed">Its session ended with it.</Empty>
      ) : (
        <Empty title="No access to this page" {...(view === 'panel' && { action: ['Try again', () => model.readAgain()] as const })}>
          {view === 'popup'
            ? 'Click the toolbar button on this tab, or open the DevTools panel (no permission needed).'
            : stage.problem.message}
        </Empty>
      );
  }
}

const IDLE_TITLE = 'A Synerise snippet is there, and did not run';

const ABSENT_TITLES: Record<ClientInfo['state'], string> = {
  'not-loaded': 'The Web SDK never loaded',
  'not-initialised': 'The SDK was never initialized',
  ready: '',
};

function Empty({
  title,
  busy,
  action,
  children,
}: {
  title: string;
  busy?: boolean;
  action?: readonly [string, () => void];
  children: ComponentChildren;
}) {
  return (
    <section class="empty-state" aria-label={title}>
      <h2>
        {busy && <span class="spinner" aria-hidden="true" />} {title}
      </h2>
      <p data-testid="empty-why">{children}</p>
      {action && (
        <button type="button" onClick={action[1]}>
          {action[0]}
        </button>
      )}
    </section>
  );
}
