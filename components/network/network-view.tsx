import { useSignal } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { curlOf } from '@/lib/network/curl';
import { harOf } from '@/lib/network/har';
import type { RequestRecord } from '@/lib/network/request';
import { safeRecord } from '@/lib/network/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { TimelineKind, TimelineRow } from '@/lib/session/history/timeline';
import { isApp } from '@/lib/session/terms';
import { count } from '@/lib/text/count';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { requestFailed } from '../timeline/entry-words';
import { TimelineView } from '../timeline/timeline-view';
import { copyText } from '../ui/copy';
import { FileButton } from '../ui/file-button';
import { bytesWords } from '../ui/format';
import { saveText } from '../ui/save';
import type { FileSource, Reading } from './file-source';
import { NETWORK_CHIPS, networkColumns, networkCounts } from './network-columns';
import { generationsOf, isMismatch } from './request-identity';
import { UnheardHosts } from './unheard-hosts';

const REQUESTS: readonly TimelineKind[] = ['request'];

/** The SDKs' requests, from this tab or from a recording. */
export function NetworkView({
  model,
  record,
  version,
  active,
  go,
}: {
  model: Model;
  record: Source;
  version: string;
  active: boolean;
  /** Shows an entry in the Timeline. */
  go(seq: number): void;
}) {
  const file = useSignal<FileSource | null>(null);
  const opened = file.value;
  const source: Source = opened ?? record;
  const { permission } = model;
  const session = model.session.value;
  // A UUID that is read after a request can change what is said of it.
  const read = active ? generationsOf(source.history.value).uuids.length : 0;
  const isProblem = useCallback(
    (entry: HistoryEntry) => entry.kind === 'request' && (requestFailed(entry) || isMismatch(generationsOf(source.history.peek()), entry)),
    [source, read],
  );
  const open = async (chosen: File) => {
    // Few recordings are opened.
    const { openFile } = await import('./file-source');
    close();
    file.value = openFile(chosen);
  };
  const close = () => {
    file.value?.cancel();
    file.value = null;
  };
  return (
    <TimelineView
      key={opened ? `file ${opened.name}` : 'live'}
      source={source}
      active={active}
      label="Network"
      noun={['request', 'requests']}
      kinds={REQUESTS}
      chips={NETWORK_CHIPS}
      columns={networkColumns}
      testid="network"
      isProblem={isProblem}
      status={(rows) => <Counts rows={rows} source={source} />}
      menu={({ entry }) => {
        const request = 'key' in entry ? source.detailOf(entry.key)?.request : undefined;
        return [
          ...(request ? [{ label: 'Copy as cURL', run: () => void copyText(curlOf(safeRecord(request))) }] : []),
          // A file has no timeline.
          ...(opened ? [] : [{ label: 'Show in Timeline', run: () => go(entry.seq) }]),
        ];
      }}
      note={
        opened ? (
          <FileLine file={opened} close={close} />
        ) : (
          session?.tab.access === 'watched' && permission?.hears && <UnheardHosts permission={permission} session={session} />
        )
      }
      empty={
        opened
          ? 'No Synerise requests in this file.'
          : model.lends || session?.tab.access === 'connected'
            ? isApp(session?.tab.site ?? null)
              ? 'Recording Synerise requests. Not every app engine reports them.'
              : 'Recording Synerise requests… Reload the page to capture its load.'
            : 'No requests. Open DevTools on the tab or watch the site to record them.'
      }
      actions={
        <>
          <button
            type="button"
            class="small"
            data-testid="export-har"
            title="Export all SDK requests without tokens"
            onClick={() => {
              const records = recordsOf(source);
              saveText(
                JSON.stringify(harOf(records.map(safeRecord), { name: 'Synerise Session Inspector', version }), null, 1),
                'synerise-session.har',
              );
            }}
            disabled={!source.history.value.entries.some(({ kind }) => kind === 'request')}
          >
            Export HAR (sanitized)…
          </button>
          <FileButton isSmall accept=".har,application/json,.json" testid="import-har" take={(chosen) => void open(chosen)}>
            Import HAR file…
          </FileButton>
        </>
      }
    />
  );
}

function Counts({ rows, source }: { rows: readonly TimelineRow[]; source: Source }) {
  const { bytes, failed, mismatches, old } = networkCounts(rows, generationsOf(source.history.value));
  return (
    <>
      {bytes > 0 && <span>{bytesWords(bytes)}</span>}
      {failed > 0 && <span class="bad-text">{failed} failed</span>}
      {mismatches > 0 && (
        <span class="warn-text" data-testid="uuid-mismatches">
          {count(mismatches, 'UUID mismatch', 'UUID mismatches')}
        </span>
      )}
      {old > 0 && <span class="warn-text">{count(old, 'old token')}</span>}
    </>
  );
}

/** All requests with full details, each once. */
function recordsOf(source: Source): RequestRecord[] {
  const keys = new Set(source.history.value.entries.flatMap((entry) => (entry.kind === 'request' ? [entry.key] : [])));
  return [...keys].flatMap((key) => source.detailOf(key)?.request ?? []);
}

function FileLine({ file, close }: { file: FileSource; close(): void }) {
  const reading = file.state.value;
  const { bytes, of, requests, shown, ended } = reading;
  return (
    <div class="note line" role="status" data-testid="har-file" data-ended={typeof ended === 'string' ? ended : 'broken'}>
      <strong>{file.name}</strong>
      <span class={typeof ended === 'string' ? 'quiet' : 'warn-text'}>{endWords(reading)}</span>
      <span class="quiet">
        {shown.toLocaleString('en')} of {requests.toLocaleString('en')} requests from Synerise SDKs
      </span>
      {ended === 'no' && (
        <>
          <progress max={of} value={bytes} aria-label="Reading the file" />
          <button type="button" class="small" data-testid="har-cancel" onClick={() => file.cancel()}>
            Stop
          </button>
        </>
      )}
      <button type="button" class="small" data-testid="har-close" onClick={close}>
        Close file
      </button>
    </div>
  );
}

function endWords({ bytes, of, ended }: Reading): string {
  switch (ended) {
    case 'no':
      return `Reading… ${bytesWords(bytes)} of ${bytesWords(of)}`;
    case 'whole':
      return '';
    case 'cancelled':
      return `Stopped after ${bytesWords(bytes)} of ${bytesWords(of)}`;
    default:
      return `${ended.at > 0 ? `File damaged at byte ${ended.at.toLocaleString('en')}: ` : ''}${ended.message}${ended.at > 0 ? ' Showing what could be read.' : ''}`;
  }
}
