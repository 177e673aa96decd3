import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Tone } from './parts';

export interface TabOf<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** A number next to the label, with its description; not part of the tab's accessible name. */
  readonly badge?: { readonly text: string; readonly tone: Tone; readonly title: string } | null;
  readonly content: ComponentChildren;
}

const idOf = (name: string, part: 'tab' | 'view') => `${part}-${name}`;

/** Tabs, following the ARIA Authoring Practices. Once visited, a tab keeps its state. */
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
  const buttons = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === chosen.value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[to % tabs.length];
    if (!next) return;
    event.preventDefault();
    chosen.value = next.name;
    buttons.current?.querySelector<HTMLElement>(`#${idOf(next.name, 'tab')}`)?.focus();
  };
  return (
    <main class="tabbed">
      <div class="tabs">
        <div ref={buttons} role="tablist" aria-label={label} onKeyDown={move}>
          {tabs.map(({ name, label: title, badge }) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={idOf(name, 'tab')}
              aria-selected={name === chosen.value}
              aria-controls={idOf(name, 'view')}
              aria-description={badge?.title}
              title={badge?.title}
              data-badge={badge?.text}
              data-tone={badge?.tone}
              tabIndex={name === chosen.value ? 0 : -1}
              onClick={() => {
                chosen.value = name;
              }}
            >
              {title}
            </button>
          ))}
        </div>
        {tools && <span class="tools">{tools}</span>}
      </div>
      {between}
      <div class="views">
        {tabs.map(({ name, content }) => (
          <div
            key={name}
            class="view"
            role="tabpanel"
            id={idOf(name, 'view')}
            aria-labelledby={idOf(name, 'tab')}
            hidden={name !== chosen.value}
          >
            {seen.current.has(name) && content}
          </div>
        ))}
      </div>
    </main>
  );
}
