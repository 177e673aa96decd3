import { useEffect, useRef } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  /** Of an item that is on or off. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  run(): void;
}

/** A menu at a point of the view (px); closes at a choice, Escape, or a press elsewhere, and gives the focus back. */
export function ContextMenu({ x, y, items, close }: { x: number; y: number; items: readonly MenuItem[]; close(): void }) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const { current } = menu;
    if (!current) return undefined;
    // Within the view, whatever was pressed.
    const { offsetWidth, offsetHeight } = current;
    current.style.left = `${Math.max(0, Math.min(x, document.documentElement.clientWidth - offsetWidth - 4))}px`;
    current.style.top = `${Math.max(0, Math.min(y, document.documentElement.clientHeight - offsetHeight - 4))}px`;
    current.querySelector('button')?.focus();
    const elsewhere = (event: Event) => {
      if (!current.contains(event.target as Node)) close();
    };
    addEventListener('pointerdown', elsewhere, true);
    addEventListener('blur', close);
    return () => {
      removeEventListener('pointerdown', elsewhere, true);
      removeEventListener('blur', close);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const move = (event: KeyboardEvent) => {
    const buttons = [...(menu.current?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (to === undefined) return;
    else buttons[to % buttons.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} class="context-menu" role="menu" data-testid="context-menu" onKeyDown={move}>
      {items.map(({ label, checked, disabled, run }) => (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: only an item that is on or off has it
        <button
          key={label}
          type="button"
          role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={checked}
          disabled={disabled}
          onClick={() => {
            close();
            run();
          }}
        >
          {checked !== undefined && <span class="tick">{checked ? '✓' : ''}</span>}
          {label}
        </button>
      ))}
    </div>
  );
}
