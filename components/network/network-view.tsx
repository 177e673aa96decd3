import { useSignal } from '@preact/signals';
import { harOf } from '@/lib/network/har';
import type { RequestRecord } from '@/lib/network/request';
import { safeRecord } from '@/lib/network/secrets';
import type { TimelineKind } from '@/lib/session/history/timeline';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { TimelineView } from '../timeline/timeline-view';
import { saveText } from '../ui/save';
import { type FileSource, openFile, type Reading } from './file-source';
import { UnheardHosts } from './unheard-hosts';

const REQUESTS: readonly TimelineKind[] = ['request'];

/** The SDKs' requests, from this tab or from a recording. */
export function NetworkView({ model, record, version, active }: { model: Model; record: Source; version: string; active: boolean }) {
  const file = useSignal<FileSource | null>(null);
  const opened = file.value;
  const source: Source = opened ?? record;
  const { permission } = model;
  const session = model.session.value;
  const close = () => {
    file.value?.cancel();
    file.value = null;
  };
  return (
    <TimelineView
      key={opened ? `file ${opened.name}` : 'live'}
      source={source}
      active={active}
      now={model.now.value}
      label="Network"
      kinds={REQUESTS}
      testid="network"
      note={
        opened ? (
          <FileLine file={opened} close={close} />
        ) : (
          session?.tab.access === 'watched' && permission?.hears && <UnheardHosts permission={permission} session={session} />
        )
      }
      empty={
        opened
          ? 'No request of a Synerise SDK was read from this file.'
          : model.lends
            ? 'No request of a Synerise SDK yet. Those of this page show here as they come: token and account calls, events, recommendations, searches, and whatever else names a customer.'
            : 'No request of a Synerise SDK was seen. Open DevTools on the tab, or let this site be watched, to see them.'
      }
      actions={
        <>
          <button
            type="button"
            class="small"
            data-testid="export-har"
            title="All requests of the SDKs, without secrets"
            onClick={() => {
              const records = recordsOf(source);
              saveText(
                JSON.stringify(harOf(records.map(safeRecord), { name: 'Synerise Session Inspector', version }), null, 1),
                'synerise-session.har',
              );
            }}
            disabled={!source.history.value.entries.some(({ kind }) => kind === 'request')}
          >
            Export HAR
          </button>
          <label class="button small">
            Open HAR
            <input
              type="file"
              class="offscreen"
              accept=".har,application/json,.json"
              data-testid="import-har"
              onChange={({ currentTarget }) => {
                const [chosen] = currentTarget.files ?? [];
                if (chosen) {
                  close();
                  file.value = openFile(chosen);
                }
                currentTarget.value = '';
              }}
            />
          </label>
        </>
      }
    />
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
        {requests.toLocaleString('en')} requests, {shown.toLocaleString('en')} of them of Synerise SDKs · read-only
      </span>
      {ended === 'no' && (
        <>
          <progress max={of} value={bytes} aria-label="Reading the file" />
          <button type="button" class="small" data-testid="har-cancel" onClick={() => file.cancel()}>
            Stop reading
          </button>
        </>
      )}
      <button type="button" class="small" data-testid="har-close" onClick={close}>
        Back to this tab
      </button>
    </div>
  );
}

const bytesWords = (bytes: number) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000).toLocaleString('en')} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

function endWords({ bytes, of, ended }: Reading): string {
  switch (ended) {
    case 'no':
      return `reading… ${bytesWords(bytes)} of ${bytesWords(of)}`;
    case 'whole':
      return 'read';
    case 'cancelled':
      return `stopped after ${bytesWords(bytes)} of ${bytesWords(of)}`;
    default:
      return `broken after ${ended.at.toLocaleString('en')} bytes: ${ended.message} What was read before it shows below.`;
  }
}
