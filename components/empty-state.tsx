import type { ComponentChildren } from 'preact';
import type { ClientInfo } from '@/lib/sdk/wire';
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
          {stage.candidate ? <Waiting client={stage.candidate} /> : 'The page is still loading, or its SDK comes late.'}
        </Empty>
      );
    case 'absent':
      return (
        <Empty
          title={stage.candidate ? ABSENT_TITLES[stage.candidate.state] : 'No Synerise SDK on this page'}
          action={['Look again', () => model.readAgain()]}
        >
          {stage.candidate ? (
            <Absent client={stage.candidate} />
          ) : (
            <>
              None of <code>Synerise</code>, <code>Client</code>, <code>SNRClient</code> and <code>SR</code> is an SDK here, and the page
              hands none over. One that comes later is found by itself. An app that bundles its SDK{' '}
              <a href={`/options.html?tabId=${model.tab}`} target="_blank" rel="noreferrer">
                may keep it elsewhere
              </a>
              .
            </>
          )}
          {session.strays.length > 0 && (
            <span class="warn-text strays">
              Nothing of the kind stands at {new Intl.ListFormat('en').format(session.strays)}, where one was promised.
            </span>
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

const rootOf = ({ place }: ClientInfo) => place.replace(/\.[Cc]lient$/, '');

const ABSENT_TITLES: Record<ClientInfo['state'], string> = {
  'not-loaded': 'The Web SDK never loaded',
  'not-initialised': 'The SDK was never initialised',
  ready: '',
};

function Waiting({ client }: { client: ClientInfo }) {
  return client.state === 'not-loaded' ? (
    <>
      The loader snippet is there (<code>{client.place}</code> is its queue), and the SDK's script has not come yet.
    </>
  ) : (
    <>
      <code>{rootOf(client)}</code> is there, and its <code>init()</code> has not finished.
    </>
  );
}

function Absent({ client }: { client: ClientInfo }) {
  if (client.state === 'not-loaded')
    return (
      <>
        The loader snippet is there, and <code>{client.place}</code> is still its queue: the SDK's script was blocked (by an ad blocker, a
        content security policy or a consent tool), or its address is wrong. Look for it in the Network panel.
      </>
    );
  if (client.dialect === 'web')
    return (
      <>
        <code>{client.place}</code> is loaded, and <code>SyneriseTC.uuid</code> is not set: was <code>{client.place}.init()</code> called,
        and is <code>onSyneriseLoad</code> the function that the snippet names? It shows here as soon as it is initialised.
      </>
    );
  return (
    <>
      <code>{rootOf(client)}</code> is there, but <code>isInitialized()</code> is not true. Was <code>Synerise.Initializer().…init()</code>{' '}
      called? It shows here as soon as it is.
    </>
  );
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
