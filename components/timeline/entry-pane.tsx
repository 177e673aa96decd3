import { type Signal, useSignal } from '@preact/signals';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Source } from '../state/record';
import { Pre } from '../ui/cards';
import { DetailsPane, type Section } from '../ui/details-pane';
import { pretty } from '../ui/format';
import { later } from '../ui/later';
import { CopyIconButton } from '../ui/parts';
import { EntryDetails } from './entry-details';
import { CallDetails, entryJson } from './entry-more';
import { entryName } from './entry-words';

const RequestPart = later(async () => (await import('../network/request-details')).RequestPart);

const REQUEST_SECTIONS = [
  ['headers', 'Headers'],
  ['payload', 'Payload'],
  ['response', 'Response'],
  ['token', 'Token'],
] as const;

const jsonOf = (entry: HistoryEntry, source: Source): string => pretty(entryJson(entry, source));
/** A component, so that the JSON is made only when its tab is shown. */
const Json = (given: { entry: HistoryEntry; source: Source }) => <Pre>{jsonOf(given.entry, given.source)}</Pre>;

/** The details of an entry, in tabs. */
export function EntryPane({
  entry,
  entries,
  source,
  chosen,
  select,
  close,
}: {
  entry: HistoryEntry;
  entries: readonly HistoryEntry[];
  source: Source;
  chosen: Signal<string>;
  select(seq: number): void;
  close(): void;
}) {
  // Subscribes, to render again when details arrive.
  void source.detailed.value;
  /** Key of the request whose secrets are shown. */
  const shows = useSignal<string | null>(null);
  const sections: Section[] = [];
  if (entry.kind === 'request') {
    const isRevealed = shows.value === entry.key;
    const part = (name: 'overview' | (typeof REQUEST_SECTIONS)[number][0]) => (
      <RequestPart
        part={name}
        entry={entry}
        source={source}
        isRevealed={isRevealed}
        reveal={(is) => (shows.value = is ? entry.key : null)}
      />
    );
    for (const [name, label] of REQUEST_SECTIONS)
      if (name !== 'token' || entry.bearer !== null) sections.push({ name, label, content: part(name) });
    sections.unshift({
      name: 'overview',
      label: 'Overview',
      content: (
        <>
          {part('overview')}
          <EntryDetails entry={entry} entries={entries} select={select} />
        </>
      ),
    });
  } else
    sections.push({
      name: 'overview',
      label: 'before' in entry || entry.kind === 'uuid' || entry.kind === 'token' ? 'Change' : 'Overview',
      content: (
        <>
          <EntryDetails entry={entry} entries={entries} select={select} />
          {entry.kind === 'call' && <CallDetails detail={source.detailOf(entry.key)?.call ?? null} />}
        </>
      ),
    });
  sections.push({ name: 'json', label: 'JSON', content: <Json entry={entry} source={source} /> });
  return (
    <DetailsPane
      label="Details"
      title={entryName(entry)}
      sections={sections as [Section, ...Section[]]}
      chosen={chosen}
      close={close}
      actions={<CopyIconButton what="this entry as JSON" text={() => jsonOf(entry, source)} />}
    />
  );
}
