import type { ComponentChildren } from 'preact';
import type { Session } from '@/lib/session/session';
import type { Model } from './model';

/** Why there is nothing to show, and the one thing that helps. */
export function EmptyState({ model, session, view }: { model: Model; session: Session | null; view: 'panel' | 'popup' }) {
  if (!session) return <Empty title="One moment">The session of this page is on its way.</Empty>;
  const { stage } = session;
  switch (stage.phase) {
    case 'attached':
      return null;
    case 'searching':
      return (
        <Empty title={stage.candidate ? 'The SDK is not initialised yet' : 'Looking for a Synerise SDK'} busy>
          {stage.candidate ? (
            <>
              <code>{stage.candidate.place.replace(/\.Client$/, '')}</code> is there, and its <code>init()</code> has not finished.
            </>
          ) : (
            'The page is still loading, or its SDK comes late.'
          )}
        </Empty>
      );
    case 'absent':
      return (
        <Empty
          title={stage.candidate ? 'The SDK was never initialised' : 'No Synerise SDK on this page'}
          action={['Look again', () => model.readAgain()]}
        >
          {stage.candidate ? (
            <>
              <code>{stage.candidate.place.replace(/\.Client$/, '')}</code> is there, but <code>isInitialized()</code> is not true. Was{' '}
              <code>Synerise.Initializer().…init()</code> called? It shows here as soon as it is.
            </>
          ) : (
            <>
              No <code>Synerise.Client</code> was found in the page's top frame. An SDK that comes later is found by itself.
            </>
          )}
        </Empty>
      );
    case 'unreachable':
      return stage.problem.kind === 'forbidden' ? (
        <Empty title="The browser keeps this page to itself">
          Extensions may not look at browser pages and stores. Go to the site that you want to inspect.
        </Empty>
      ) : stage.problem.kind === 'gone' ? (
        <Empty title="The tab was closed">Its session ended with it.</Empty>
      ) : (
        <Empty title="No access to this page" {...(view === 'panel' && { action: ['Try again', () => model.readAgain()] as const })}>
          {view === 'popup'
            ? 'A click on the toolbar button opens a page until the tab leaves its site. Click it again on this tab, or open the DevTools panel, which needs no permission.'
            : stage.problem.message}
        </Empty>
      );
  }
}

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
      <p>{children}</p>
      {action && (
        <button type="button" onClick={action[1]}>
          {action[0]}
        </button>
      )}
    </section>
  );
}
