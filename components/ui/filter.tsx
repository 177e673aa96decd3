import { FilterIcon } from './icons';

/** The words that filter a table. Ctrl+F selects them. */
export function FilterInput({ value, set }: { value: string; set(value: string): void }) {
  return (
    <span class="filter">
      <FilterIcon />
      <input
        type="search"
        aria-label="Filter"
        placeholder="Filter"
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </span>
  );
}

/** Pills of which one is chosen. @param testid prefix of their test ids */
export function Pills<Name extends string>({
  pills,
  chosen,
  choose,
  testid,
}: {
  pills: readonly (readonly [Name, string])[];
  chosen: Name;
  choose(name: Name): void;
  testid: string;
}) {
  return pills.map(([name, label]) => (
    <button
      key={name}
      type="button"
      class="pill"
      data-testid={`${testid}-${name}`}
      aria-pressed={chosen === name}
      onClick={() => choose(name)}
    >
      {label}
    </button>
  ));
}
