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
          {page.load === 'stuck' && <>The page is still loading. </>}
          {isStalled ? (
            'The SDK script was requested but hasn’t arrived. Check the Network panel.'
          ) : stage.candidate ? (
            <Absent client={stage.candidate} />
          ) : page.idle[0] ? (
            <Idle snippet={page.idle[0]} />
          ) : (
            'No SDK so far. An SDK that loads later is detected automatically.'
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
  navigated: 'The page navigated away.',
  browser: 'Browser pages and extension stores are off limits. Open a website.',
  'error-page': 'The page failed to load. Reload it once the site responds.',
  closed:
    'It failed to load, is empty, sandboxed, or a browser page. Reload it or open a website. For a sandboxed page, click the toolbar icon.',
};

/** Why a loader snippet did not run, and how to make it run. */
function Idle({ snippet: { why, type } }: { snippet: IdleSnippet }) {
  switch (why) {
    case 'type':
      return (
        <>
          Its type is <code>{type}</code>: it waits for consent. Give consent on the page, or check how your consent tool treats it.
        </>
      );
    case 'worker':
      return (
        <>
          Its type is <code>{type}</code>: Partytown runs it in a web worker, which extensions can’t inspect.
        </>
      );
    case 'template':
      return (
        <>
          It’s inside a <code>&lt;template&gt;</code>: the page must insert it into the document first.
        </>
      );
    case 'blocked':
      return 'The script didn’t run, probably because of the page’s Content Security Policy. See the console.';
  }
}

const rootOf = ({ place }: ClientInfo) => place.replace(/\.[Cc]lient$/, '');

function Waiting({ client }: { client: ClientInfo }) {
  return client.state === 'not-loaded' ? (
    <>Snippet found; waiting for the SDK script.</>
  ) : (
    <>
      <code>{rootOf(client)}</code> found; waiting for <code>init()</code>.
    </>
  );
}

function Absent({ client }: { client: ClientInfo }) {
  if (client.state === 'not-loaded')
    return <>The snippet ran but the SDK script didn’t load. Check the Network panel for an ad blocker, CSP, consent tool or wrong URL.</>;
  if (traitsOf(client.dialect).onWeb)
    return (
      <>
        <code>{client.place}</code> loaded but not initialized. Was <code>{client.place}.init()</code> called from{' '}
        <code>onSyneriseLoad</code>?
      </>
    );
  return (
    <>
      <code>{rootOf(client)}</code> found but not initialized. Was <code>Synerise.Initializer()…init()</code> called?
    </>
  );
}
