import type { ComponentChildren } from 'preact';
import type { ClientInfo } from '@/lib/page/wire';
import type { Session } from '@/lib/session/session';
import { isApp } from '@/lib/session/terms';
import type { Model } from '../state/model';
import { WhyNothing } from './why-nothing';

/** Why there is nothing to show, and what helps. */
export function EmptyState({ model, session, view }: { model: Model; session: Session | null; view: 'panel' | 'popup' }) {
  if (!session) return <Empty title="Loading…" busy />;
  const { stage } = session;
  const [idle] = session.page.idle;
  const inApp = isApp(session.tab.site);
  switch (stage.phase) {
    case 'attached':
      return null;
    case 'searching':
      return (
        <Empty title={stage.candidate ? 'SDK not initialized yet' : 'Detecting SDK…'} busy>
          {stage.candidate ? <WhyNothing session={session} /> : 'Waiting for the page to load the SDK.'}
        </Empty>
      );
    case 'absent':
      return (
        <Empty
          title={
            stage.candidate
              ? ABSENT_TITLES[stage.candidate.state]
              : idle
                ? IDLE_TITLE
                : `No Synerise SDK ${inApp ? 'in this app' : 'on this page'}`
          }
          action={['Retry', () => model.readAgain()]}
        >
          {stage.candidate || idle || session.page.load === 'stuck' ? (
            <WhyNothing session={session} />
          ) : inApp ? (
            <>Hand it over in development builds: three lines, in docs/apps.md. Still listening.</>
          ) : (
            <>
              Checked window.<code>Synerise</code>, <code>Client</code>, <code>SNRClient</code> and <code>SR</code>; still listening.
              {session.tab.access !== 'connected' && (
                <>
                  {' '}
                  Bundled SDK?{' '}
                  <a href={`/options.html?tabId=${model.tab}`} target="_blank" rel="noreferrer">
                    Set its path…
                  </a>
                </>
              )}
            </>
          )}
          {session.page.strays.length > 0 && (
            <span class="warn-text strays">No SDK at {new Intl.ListFormat('en').format(session.page.strays)} (set in Settings).</span>
          )}
        </Empty>
      );
    case 'unreachable':
      return stage.problem.kind === 'forbidden' || stage.problem.kind === 'hostile' ? (
        <Empty title="Can’t inspect this page" action={['Retry', () => model.readAgain()]}>
          <WhyNothing session={session} />
        </Empty>
      ) : stage.problem.code === 'navigated' ? (
        <Empty title="Page loading…" busy>
          <WhyNothing session={session} />
        </Empty>
      ) : stage.problem.code === 'disconnected' ? (
        <Empty title="Connecting…" busy>
          {stage.problem.message}
        </Empty>
      ) : stage.problem.kind === 'gone' ? (
        <Empty title={stage.problem.code === 'crashed' ? 'The page crashed' : 'The tab was closed'} />
      ) : (
        <Empty title="No access to this page" {...(view === 'panel' && { action: ['Retry', () => model.readAgain()] as const })}>
          {view === 'popup'
            ? 'Click the toolbar icon on this tab, or open DevTools (no permission needed). Blank pages and pages of extensions stay out of reach.'
            : stage.problem.message}
        </Empty>
      );
  }
}

const IDLE_TITLE = 'The Synerise snippet didn’t run';

const ABSENT_TITLES: Record<ClientInfo['state'], string> = {
  'not-loaded': 'Web SDK failed to load',
  'not-initialised': 'SDK not initialized',
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
  children?: ComponentChildren;
}) {
  return (
    <section class="empty-state" aria-label={title}>
      <h2>
        {busy && <span class="spinner" aria-hidden="true" />} {title}
      </h2>
      {children !== undefined && <p data-testid="empty-why">{children}</p>}
      {action && (
        <button type="button" onClick={action[1]}>
          {action[0]}
        </button>
      )}
    </section>
  );
}
