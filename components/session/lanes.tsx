import { type Signal, useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { HistoryEntry } from '@/lib/session/history/history';
import { type LaneName, layOut, ofSession, type Stretch } from '@/lib/session/history/lanes';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { VERDICT_WORDS } from '../state/words';
import { labelOf, nameOf } from '../timeline/entry-words';
import { clock } from '../ui/format';
import { useWidth } from '../ui/width';

/** The color of a stretch. */
function toneOf(entry: HistoryEntry): string {
  if (entry.kind === 'document' || (entry.kind === 'token' && entry.fingerprint === '')) return 'none';
  if (entry.kind === 'operation') return VERDICT_WORDS[entry.verdict].tone;
  if (entry.kind === 'call') return entry.ok === false ? 'bad' : entry.endedAt === null ? 'warn' : 'page';
  return entry.kind === 'identity' ? 'info' : '';
}

const LANE_WORDS: Record<LaneName, string> = { uuid: 'UUID', token: 'Token', operations: 'Operations' };

/** How much of the past is shown (ms); `null`: the whole session. */
const RANGES = [
  ['All time', null],
  ['Last hour', 3_600_000],
  ['Last 10 minutes', 600_000],
  ['Last minute', 60_000],
] as const;

/** Share of the range added after now, so that now isn't at the very edge. */
const AHEAD = 0.02;

/** UUID and token generations over time, with the operations and calls between them. */
export function Lanes({
  model,
  session,
  record,
  active,
  range: zoom,
  choose,
}: {
  model: Model;
  session: Session;
  record: Source;
  active: boolean;
  /** The range that is selected (epoch ms); `null` for all of it. */
  range: Signal<{ from: number; to: number } | null>;
  /** Shows an entry below. */
  choose(seq: number): void;
}) {
  // Doesn't update while it isn't visible.
  const held = active ? record.history.value : record.history.peek();
  const { entries: all } = held;
  const width = useSignal(640);
  const back = useSignal<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const shownRange = useRef<HTMLSelectElement>(null);
  const entries = useMemo(() => ofSession(all, session.history.nth), [held, session.history.nth]);
  useWidth(box, (px) => (width.value = Math.max(200, px)), [entries.length > 0]);
  const first = entries[0]?.at;
  if (first === undefined) return null;
  const closed = session.tab.closedAt;
  // In a long session the lanes need not move every second.
  const coarse = Math.max(1000, Math.round((model.now.value - first) / 600 / 1000) * 1000);
  const now = closed ?? Math.ceil(model.now.value / coarse) * coarse;
  const start = back.value === null ? first : Math.max(first, now - back.value);
  const range = zoom.value ?? { from: start, to: now + Math.max(1000, (now - start) * AHEAD) };
  const { lanes, boundaries } = layOut(entries, range, width.value);
  const press = ({ entries: pressed, from, to }: Stretch) => {
    const [one, ...more] = pressed;
    // Entries at practically the same time can't be drawn apart.
    const isMoment = more.every(({ at }) => at - (one?.at ?? at) < 20) && range.to - range.from < 2000;
    if (!more.length || isMoment) {
      if (one) choose(one.seq);
    } else {
      const last = Math.max(pressed.at(-1)?.at ?? from, to ?? from, from + 100);
      const margin = Math.max(50, (last - from) * 0.05);
      zoom.value = { from: from - margin, to: last + margin };
    }
  };
  return (
    <section class="lanes" data-testid="lanes" aria-label="Overview">
      <div class="lanes-tools">
        <select
          ref={shownRange}
          aria-label="Time range"
          value={String(back.value)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            back.value = value === 'null' ? null : Number(value);
            zoom.value = null;
          }}
        >
          {RANGES.map(([label, ms]) => (
            <option key={label} value={String(ms)}>
              {label}
            </option>
          ))}
        </select>
        {zoom.value && (
          <button
            type="button"
            class="link"
            data-testid="zoom-out"
            onClick={() => {
              zoom.value = null;
              shownRange.current?.focus();
            }}
          >
            Zoom out
          </button>
        )}
      </div>
      <div class="lanes-tracks">
        {lanes.map(({ name, stretches }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset's border and layout don't suit a lane
          <div
            key={name}
            class="lane-track"
            data-testid={`lane-${name}`}
            role="group"
            aria-label={LANE_WORDS[name]}
            ref={box}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && zoom.value) {
                zoom.value = null;
                event.stopPropagation();
              } else roam(event);
            }}
          >
            {boundaries.map(({ x, entry }) => (
              <span key={entry.seq} class="boundary" style={{ left: `${x}px` }} aria-hidden="true" />
            ))}
            {stretches.map((stretch, index) => (
              <StretchButton
                key={stretch.entries[0]?.seq}
                stretch={stretch}
                now={now}
                closed={closed}
                odd={stretch.nth % 2 === 1}
                // One tab stop per lane; the arrow keys move within it.
                tabbable={index === stretches.length - 1}
                press={() => press(stretch)}
              />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** Moves between a lane's stretches with the arrow keys, Home and End. */
function roam(event: TargetedKeyboardEvent<HTMLElement>) {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined) return;
  buttons[to]?.focus();
  event.preventDefault();
}

function StretchButton({
  stretch: { lane, entries, x, width, from, to },
  now,
  closed,
  odd,
  tabbable,
  press,
}: {
  stretch: Stretch;
  now: number;
  /** When the session ended; `null` while it is live. */
  closed: number | null;
  odd: boolean;
  tabbable: boolean;
  press(): void;
}) {
  const [entry] = entries;
  if (!entry) return null;
  const crowd = entries.length > 1;
  const name = crowd ? `${entries.length} changes at ${clock(from, now)}. Click to zoom.` : nameOf(entry, to ?? closed, now);
  return (
    <button
      type="button"
      class={`stretch ${odd ? 'odd' : ''} ${crowd ? 'crowd' : ''} ${toneOf(entry)}`}
      style={{ left: `${x}px`, width: `${Math.max(4, width - 1)}px` }}
      data-testid={lane === 'operations' ? 'lane-mark' : 'generation'}
      data-kind={entry.kind}
      data-count={String(entries.length)}
      data-cause={'cause' in entry ? entry.cause.kind : undefined}
      aria-label={name}
      title={name}
      tabIndex={tabbable ? 0 : -1}
      onClick={press}
    >
      {!crowd && width > 60 && <span aria-hidden="true">{labelOf(entry)}</span>}
    </button>
  );
}
