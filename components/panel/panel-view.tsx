import './panel.css';
import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import { type Diagnosis, unmuted } from '@/lib/diagnostics/diagnosis';
import { isApp } from '@/lib/session/terms';
import { count } from '@/lib/text/count';
import type { Watched } from '../diagnostics/case-now';
import { createDiagnoser } from '../diagnostics/diagnosis';
import type { Tool } from '../diagnostics/diagnostics-view';
import { SEVERITY_WORDS } from '../diagnostics/severity-words';
import { IdentityBar } from '../header/identity-bar';
import { ConnectionLine, SilenceLine } from '../header/status';
import { StatusBar } from '../operations/status-bar';
import type { ReportBy } from '../report/report-maker';
import type { Model } from '../state/model';
import type { TabRecord } from '../state/record';
import { ExportIcon } from '../ui/icons';
import { later } from '../ui/later';
import { SettingsLink } from '../ui/settings-link';
import { Tabs } from '../ui/tabs';

const SessionView = later(async () => (await import('../session/session-view')).SessionView);
const EmptyState = later(async () => (await import('../header/empty-state')).EmptyState);
const Limits = later(async () => (await import('../header/limits')).Limits);
const TimelineTab = later(async () => (await import('../timeline/timeline-tab')).TimelineTab);
const AccountView = later(async () => (await import('../account/account-view')).AccountView);
const NetworkView = later(async () => (await import('../network/network-view')).NetworkView);
const StorageView = later(async () => (await import('../storage/storage-view')).StorageView);
const DiagnosticsView = later(async () => (await import('../diagnostics/diagnostics-view')).DiagnosticsView);

// The tab that shows first: it loads while the page is read.
SessionView.request();

type TabName = 'session' | 'timeline' | 'network' | 'storage' | 'account' | 'diagnostics';

/** The DevTools panel: the identity bar, tabs that fill what is left, and the status bar. */
export function PanelView({ model, record, by }: { model: Model; record: TabRecord; by: ReportBy }) {
  const session = model.session.value;
  const tab = useSignal<TabName>('session');
  const entry = useSignal<number | null>(null);
  const tool = useSignal<Tool | null>(null);
  const watched: Watched = { session: model.session, record, seenCookies: model.seenCookies };
  const diagnoser = useMemo(() => createDiagnoser(watched), [model, record]);
  const showEntry = useCallback((seq: number) => {
    entry.value = seq;
    tab.value = 'timeline';
  }, []);
  const isShown = (name: TabName) => tab.value === name;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = () => box.current?.querySelector<HTMLInputElement>('[role="tabpanel"]:not([hidden]) .toolbar input[type="search"]');
    const find = (event: KeyboardEvent) => {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || !input()) return;
      event.preventDefault();
      input()?.select();
    };
    // Chromium's DevTools offers panels its own search box.
    const search = ({ detail }: Event & { detail?: string }) => {
      const field = input();
      if (!field) return;
      field.value = detail ?? '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    addEventListener('keydown', find);
    addEventListener('panel-search', search);
    return () => {
      removeEventListener('keydown', find);
      removeEventListener('panel-search', search);
    };
  }, []);
  return (
    <div class="panel" ref={box}>
      <IdentityBar model={model} session={session} />
      <Tabs<TabName>
        label="Views"
        chosen={tab}
        tools={
          <>
            <button
              type="button"
              class="bare"
              data-testid="export-report"
              aria-label="Export report"
              title="Export report"
              onClick={() => {
                tool.value = 'export';
                tab.value = 'diagnostics';
              }}
            >
              <ExportIcon />
            </button>
            {session?.tab.access !== 'connected' && <SettingsLink tab={model.tab} />}
          </>
        }
        tabs={[
          {
            name: 'session',
            label: 'Session',
            content: session && session.stage.phase !== 'unreachable' && (
              <SessionView model={model} session={session} record={record} active={isShown('session')} go={showEntry} />
            ),
          },
          {
            name: 'timeline',
            label: 'Timeline',
            content: session && <TimelineTab model={model} session={session} record={record} active={isShown('timeline')} goTo={entry} />,
          },
          // A recording can be opened on any page, even one out of reach.
          {
            name: 'network',
            label: 'Network',
            content: <NetworkView model={model} record={record} version={by.version} active={isShown('network')} go={showEntry} />,
          },
          // An app has no cookies and no web storage.
          ...(isApp(session?.tab.site ?? null)
            ? []
            : [
                {
                  name: 'storage' as const,
                  label: 'Storage',
                  content: session && <StorageView model={model} session={session} record={record} active={isShown('storage')} />,
                },
              ]),
          {
            name: 'account',
            label: 'Account',
            content: session?.stage.phase === 'attached' && <AccountView model={model} session={session} />,
          },
          {
            name: 'diagnostics',
            label: 'Diagnostics',
            badge: badgeOf(diagnoser.diagnosis.value, model.session.value?.policy.muted ?? []),
            content: (
              <DiagnosticsView
                model={model}
                record={record}
                diagnoser={diagnoser}
                watched={watched}
                by={by}
                active={isShown('diagnostics')}
                tool={tool}
                go={showEntry}
              />
            ),
          },
        ]}
        between={
          <>
            <ConnectionLine model={model} />
            {session && <SilenceLine session={session} />}
            {session && <Limits session={session} view="panel" />}
            <EmptyState model={model} session={session} view="panel" />
          </>
        }
      />
      <StatusBar model={model} />
    </div>
  );
}

/** The number of issues, in the tone of the worst one. */
function badgeOf(diagnosis: Diagnosis | null, muted: readonly string[]) {
  const found = unmuted(diagnosis, muted);
  const [worst] = found;
  if (!worst) return null;
  const { label, tone } = SEVERITY_WORDS[worst.severity];
  return { text: String(found.length), tone, title: `${count(found.length, 'issue')}, worst: ${label.toLowerCase()}` };
}
