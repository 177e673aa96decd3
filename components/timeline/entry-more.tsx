/** What is known of an entry beyond the history: a call's arguments and result, or the full request. */

import type { CaseDetail } from '@/lib/diagnostics/case';
import { safeRecord } from '@/lib/network/secrets';
import { isRecord } from '@/lib/page/plain';
import type { CallDetail } from '@/lib/page/wire';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Source } from '../state/record';
import { Pre } from '../ui/cards';
import { pretty } from '../ui/format';
import { SourceLink } from '../ui/source-link';

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
const safeDetail = (detail: CaseDetail | null): CaseDetail | null =>
  detail && { ...detail, ...(detail.request && { request: safeRecord(detail.request) }) };

/** An entry with its details, without secrets: what is copied. */
export const entryJson = (entry: HistoryEntry, source: Source): object => {
  const detail = 'key' in entry ? safeDetail(source.detailOf(entry.key)) : null;
  return detail ? { ...entry, detail } : entry;
};
