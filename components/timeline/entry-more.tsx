/** What is known of an entry beyond the history: a call's arguments and result, or the full request. */

import { decodeToken } from '@/lib/jwt/token';
import { bearerOf } from '@/lib/network/requests';
import { maskSecrets, safeRecord } from '@/lib/network/secrets';
import { isRecord } from '@/lib/page/plain';
import type { CallDetail } from '@/lib/page/wire';
import type { HistoryEntry } from '@/lib/session/history/history';
import { mentions } from '@/lib/text/mentions';
import { causeWords } from '../session/cause';
import type { Detail, Source } from '../state/record';
import { Pre } from '../ui/cards';
import { pretty } from '../ui/format';
import { SourceLink } from '../ui/source-link';
import { entryDetails, entryName, entryStatus } from './timeline-columns';

/** A call's arguments and result. */
export function CallDetails({ detail }: { detail: CallDetail | null }) {
  if (!detail || !Object.keys(detail).length)
    return <p class="quiet">Arguments and result are no longer available: they’re kept only while the panel is open.</p>;
  const { args, value, error, site } = detail;
  return (
    <dl class="call-details" data-testid="call-details">
      {args !== undefined && (
        <>
          <dt>Arguments</dt>
          <dd>{Array.isArray(args) && !args.length ? <span class="quiet">none</span> : <Pre>{pretty(args)}</Pre>}</dd>
        </>
      )}
      {value !== undefined && (
        <>
          <dt>Result</dt>
          <dd>
            <Pre>{pretty(value)}</Pre>
          </dd>
        </>
      )}
      {error && (
        <>
          <dt>Error</dt>
          <dd>
            <Pre>
              {`${error.code === null ? '' : `${error.code}: `}${error.message}\n${isRecord(error.detail) ? pretty(error.detail) : ''}`.trim()}
            </Pre>
          </dd>
        </>
      )}
      {site && (
        <>
          <dt>Called at</dt>
          <dd>
            <SourceLink site={site} whole />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Details without secrets. */
const safeDetail = (detail: Detail | null): Detail | null =>
  detail && { ...detail, ...(detail.request && { request: safeRecord(detail.request) }) };

/** All text of the details including token claims. */
function detailText(detail: Detail | null): string {
  if (!detail) return '';
  const bearer = detail.request ? bearerOf(detail.request) : null;
  return `${maskSecrets(JSON.stringify(detail))} ${bearer === null ? '' : JSON.stringify(decodeToken(bearer))}`;
}

/** What a search finds in an entry besides its line in the table. */
const BEYOND_LINE: { readonly [K in HistoryEntry['kind']]: (entry: Extract<HistoryEntry, { kind: K }>) => unknown } = {
  uuid: ({ cause }) => cause,
  token: ({ cause, uuid, whom, fingerprint }) => [cause, uuid, whom, fingerprint],
  identity: ({ identity, before }) => [identity, before],
  operation: ({ by }) => by,
  call: ({ told }) => told,
  request: ({ host, uuid, problem, bearer, gave }) => [host, uuid, problem, bearer, gave],
  storage: ({ area }) => area,
  document: ({ by }) => by,
  callback: () => null,
  alarm: () => null,
};

/**
 * Whether an entry or its details contain a word. One by one, and the cheap ones first: a filter goes through 100,000 entries.
 * @param word in lower case
 */
export function entryMentions(entry: HistoryEntry, word: string, source: Source): boolean {
  const beyond = BEYOND_LINE[entry.kind] as (entry: HistoryEntry) => unknown;
  return (
    mentions(entryName(entry), word) ||
    mentions(entryDetails(entry), word) ||
    mentions(entryStatus(entry), word) ||
    mentions(beyond(entry), word) ||
    ('cause' in entry && mentions(causeWords(entry.cause), word)) ||
    ('key' in entry && mentions(detailText(source.detailOf(entry.key)), word))
  );
}

/** An entry with its details, without secrets: what is copied. */
export const entryJson = (entry: HistoryEntry, source: Source): object => {
  const detail = 'key' in entry ? safeDetail(source.detailOf(entry.key)) : null;
  return detail ? { ...entry, detail } : entry;
};
