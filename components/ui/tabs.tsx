import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Boundary } from './boundary';
import type { Tone } from './parts';

export interface TabOf<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** A number next to the label, with its description; not part of the tab's accessible name. */
  readonly badge?: { readonly text: string; readonly tone: Tone; readonly title: string } | null;
  readonly content: ComponentChildren;
}

/**
 * A line of tabs, following the ARIA Authoring Practices: arrow keys, Home and End choose.
 *
 * @param id of the group: the tabs are `<id>tab-<name>`, their panels `<id>view-<name>`
 */
export function TabList<Name extends string>({
  id = '',
  label,
  tabs,
  chosen,
  choose,
}: {
  id?: string;
  label: string;
  tabs: readonly Pick<TabOf<Name>, 'name' | 'label' | 'badge'>[];
  chosen: Name;
  choose(name: Name): void;
}) {
  const buttons = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[to % tabs.length];
    if (!next) return;
    event.preventDefault();
    choose(next.name);
    buttons.current?.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div ref={buttons} role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ name, label: title, badge }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}tab-${name}`}
          aria-selected={name === chosen}
          aria-controls={`${id}view-${name}`}
          aria-description={badge?.title}
          title={badge?.title}
          data-badge={badge?.text}
          data-tone={badge?.tone}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => choose(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** Views behind tabs. Once visited, a tab keeps its state. */
export function Tabs<Name extends string>({
  label,
  tabs,
  chosen,
  between,
  tools,
}: {
  label: string;
  tabs: readonly TabOf<Name>[];
  chosen: Signal<Name>;
  /** Content between the tabs and their panels. */
  between?: ComponentChildren;
  /** At the end of the line of tabs: tools of the whole view. */
  tools?: ComponentChildren;
}) {
  const seen = useRef(new Set<Name>());
  seen.current.add(chosen.value);
  return (
    <main class="tabbed">
      <div class="tabs">
        <TabList label={label} tabs={tabs} chosen={chosen.value} choose={(name) => (chosen.value = name)} />
        {tools && <span class="tools">{tools}</span>}
      </div>
      {between}
      <div class="views">
        {tabs.map(({ name, content }) => (
          <div key={name} class="view" role="tabpanel" id={`view-${name}`} aria-labelledby={`tab-${name}`} hidden={name !== chosen.value}>
            <Boundary>{seen.current.has(name) && content}</Boundary>
          </div>
        ))}
      </div>
    </main>
  );
}
