import { useSignal } from '@preact/signals';
import type { Draft } from '@/lib/forms/draft';
import type { PresetShelf } from '@/lib/forms/preset-shelf';
import { MAX_NAME, type Preset } from '@/lib/forms/presets';
import type { OperationName } from '@/lib/sdk/operations';

/** Presets of this operation that the user saved for this site: fill in, save, remove. */
export function Presets({
  shelf,
  site,
  operation,
  draft,
  fill,
}: {
  shelf: PresetShelf;
  site: string;
  operation: OperationName;
  /** What would be saved, without secrets. */
  draft: Draft;
  fill(draft: Draft): void;
}) {
  const name = useSignal('');
  const chosen = useSignal('');
  const said = useSignal('');
  const its = (shelf.all.value[site] ?? []).filter((one) => one.operation === operation);
  const current = its.find((one) => one.name === chosen.value);
  const save = async () => {
    const preset: Preset = { name: name.value.trim(), operation, draft };
    if (preset.name === '') return;
    const trouble = await shelf.save(site, preset);
    said.value = trouble ?? `Saved as ${preset.name}, without passwords and tokens.`;
    if (trouble) return;
    chosen.value = preset.name;
    name.value = '';
  };
  const remove = async (gone: Preset) => {
    const trouble = await shelf.remove(site, gone);
    chosen.value = '';
    // Save undoes the removal: the name is in the field, and the values are in the form.
    if (!trouble) name.value = gone.name;
    said.value = trouble ?? `Removed ${gone.name}; Save keeps what the form holds now.`;
  };
  return (
    <details class="presets">
      <summary>Presets{its.length > 0 && ` (${its.length})`}</summary>
      <div class="line">
        {its.length > 0 && (
          <select
            aria-label="Preset"
            value={chosen.value}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
              const preset = its.find((one) => one.name === chosen.value);
              if (preset) fill(preset.draft);
            }}
          >
            <option value="">Load preset…</option>
            {its.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        )}
        {current && (
          <button type="button" class="small" onClick={() => void remove(current)}>
            Remove {current.name}
          </button>
        )}
        <input
          type="text"
          aria-label="Name of the preset"
          placeholder="name"
          maxLength={MAX_NAME}
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            // Enter saves the preset instead of submitting the form.
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void save();
          }}
        />
        <button type="button" class="small" disabled={name.value.trim() === ''} onClick={() => void save()}>
          Save preset
        </button>
      </div>
      <p class="quiet small" role="status">
        {said.value || 'Saved locally for this site. Passwords and tokens aren’t saved.'}
      </p>
    </details>
  );
}
