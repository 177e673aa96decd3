import type { ComponentChildren } from 'preact';

/** A button that opens the browser's file dialog and hands over the chosen file. The same file can be chosen again. */
export function FileButton({
  accept,
  testid,
  isSmall = false,
  take,
  children,
}: {
  accept: string;
  testid: string;
  isSmall?: boolean;
  take(file: File): void;
  children: ComponentChildren;
}) {
  return (
    <label class={isSmall ? 'button small' : 'button'}>
      {children}
      <input
        type="file"
        class="offscreen"
        accept={accept}
        data-testid={testid}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          currentTarget.value = '';
          if (chosen) take(chosen);
        }}
      />
    </label>
  );
}
