/** Explains why a page has nothing to show. */

import type { ClientInfo, IdleSnippet } from '@/lib/page/wire';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { sdkFactsOf, setupOf } from '@/lib/session/sdk-setup';
import type { Session } from '@/lib/session/session';

export function WhyNothing({ session }: { session: Session }) {
  const { stage, page } = session;
  const isStalled = setupOf(sdkFactsOf(session))?.state === 'stalled';
  switch (stage.phase) {
    case 'searching':
      return stage.candidate && <Waiting client={stage.candidate} />;
    case 'absent':
      return (
        <>
          {page.load === 'stuck' && <>The page never finished loading: something in it does not answer. </>}
          {isStalled ? (
            'The loader snippet requested the SDK’s script, and no answer has come. Look for it in the Network panel.'
          ) : stage.candidate ? (
            <Absent client={stage.candidate} />
          ) : page.idle[0] ? (
            <Idle snippet={page.idle[0]} />
          ) : (
            'No SDK so far. One that loads later is found automatically.'
          )}
        </>
      );
    case 'unreachable':
      return (
        <>
          {stage.problem.kind === 'hostile'
            ? stage.problem.message
            : (UNREACHABLE_WORDS[stage.problem.code ?? ''] ?? UNREACHABLE_WORDS['browser'])}
        </>
      );
    case 'attached':
      return null;
  }
}

/** Explanations for pages that the browser doesn't let extensions inspect, by the problem's code. */
const UNREACHABLE_WORDS: Readonly<Record<string, string>> = {
  navigated: 'It was left while it was asked, and nothing has answered since.',
  browser: 'Extensions may not look at browser pages and stores. Go to the site that you want to inspect.',
  'error-page': 'It could not be loaded: the browser shows its own error page. Reload it once the site answers.',
  closed:
    'It could not be loaded, is empty (about:blank, data:), is sandboxed, or is the browser’s own. Reload it, or go to the site that you want to inspect. A sandboxed page opens with a click on the toolbar button.',
};

/** Why a loader snippet did not run, and how to make it run. */
function Idle({ snippet: { why, type } }: { snippet: IdleSnippet }) {
  switch (why) {
    case 'type':
      return (
        <>
          Its type is <code>{type}</code>, which no browser runs: a consent tool changes that once the visitor agrees. Give consent on the
          page, or look at how the tool treats this script.
        </>
      );
    case 'worker':
      return (
        <>
          Its type is <code>{type}</code>: Partytown runs it in a web worker, where no extension can look.
        </>
      );
    case 'template':
      return (
        <>
          It is inside a <code>&lt;template&gt;</code>: the page’s own script must insert it into the document first.
        </>
      );
    case 'blocked':
      return 'The script did not run: most likely the page’s Content Security Policy does not allow it. See the console.';
  }
}

const rootOf = ({ place }: ClientInfo) => place.replace(/\.[Cc]lient$/, '');

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
  if (traitsOf(client.dialect).onWeb)
    return (
      <>
        <code>{client.place}</code> is loaded, and <code>SyneriseTC.uuid</code> is not set: was <code>{client.place}.init()</code> called,
        and is <code>onSyneriseLoad</code> the function that the snippet names? It shows here as soon as it is initialized.
      </>
    );
  return (
    <>
      <code>{rootOf(client)}</code> is there, but <code>isInitialized()</code> is not true. Was <code>Synerise.Initializer().…init()</code>{' '}
      called? It shows here as soon as it is.
    </>
  );
}
