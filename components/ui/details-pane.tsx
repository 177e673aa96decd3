import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Boundary } from './boundary';
import { CloseIcon } from './icons';
import { TabList } from './tabs';

/** A part of the details. */
export interface Section {
  readonly name: string;
  readonly label: string;
  readonly content: ComponentChildren;
}

/**
 * The details of the selected row, beside its table: tabs if there are several sections, otherwise a title.
 *
 * @param chosen the tab, which stays chosen while other rows are selected; the first one if a row lacks it
 * @param actions at the end of the head
 */
export function DetailsPane({
  label,
  title,
  sections,
  chosen: given,
  actions,
  close,
  testid,
}: {
  label: string;
  title: string;
  sections: readonly [Section, ...Section[]];
  chosen?: Signal<string>;
  actions?: ComponentChildren;
  close(): void;
  testid?: string;
}) {
  const own = useSignal('');
  const chosen = given ?? own;
  // Several panes may be in one document, in tabs that aren't shown.
  const id = useId();
  const shown = sections.find(({ name }) => name === chosen.value) ?? sections[0];
  const hasTabs = sections.length > 1;
  const content = <Boundary>{shown.content}</Boundary>;
  return (
    <aside class="details-pane" aria-label={label} data-testid={testid}>
      <div class="details-head tabs">
        <button type="button" class="bare" aria-label="Close details" title="Close (Esc)" onClick={close}>
          <CloseIcon />
        </button>
        <h2 class={hasTabs ? 'offscreen' : 'cut-off'}>{title}</h2>
        {hasTabs && <TabList id={`${id}-`} label="Details" tabs={sections} chosen={shown.name} choose={(name) => (chosen.value = name)} />}
        {actions}
      </div>
      {hasTabs ? (
        <div role="tabpanel" id={`${id}-view-${shown.name}`} aria-labelledby={`${id}-tab-${shown.name}`} key={shown.name}>
          {content}
        </div>
      ) : (
        content
      )}
    </aside>
  );
}
