import { useSignal } from '@preact/signals';
import type { PresetShelf } from '@/lib/forms/preset-shelf';
import type { Preset } from '@/lib/forms/presets';
import { Card } from '../ui/cards';

/** Presets that were saved in the panel: lists those on this computer, and removes them. */
export function PresetsCard({ shelf }: { shelf: PresetShelf }) {
  const gone = useSignal<{ readonly site: string; readonly preset: Preset } | null>(null);
  const trouble = useSignal('');
  const sites = Object.entries(shelf.all.value);
  if (!sites.length && !gone.value) return null;
  const act = async (work: Promise<string | null>, after: typeof gone.value) => {
    trouble.value = (await work) ?? '';
    if (!trouble.value) gone.value = after;
  };
  return (
    <Card title="Account form presets">
      <p class="quiet">Saved in the panel’s Account tab, on this computer only. Passwords and tokens aren’t saved.</p>
      {sites.map(([site, presets]) => (
        <section key={site} aria-label={`Presets for ${site}`}>
          <h3>{site}</h3>
          <ul class="places">
            {presets.map((preset) => (
              <li key={`${preset.operation} ${preset.name}`} class="line">
                <span>{preset.name}</span> <code class="quiet">{preset.operation}</code>
                <button
                  type="button"
                  class="small"
                  aria-label={`Remove ${preset.name}`}
                  onClick={() => void act(shelf.remove(site, preset), { site, preset })}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p role="status" class={trouble.value ? 'trouble' : 'quiet'}>
        {trouble.value}
        {!trouble.value && gone.value && (
          <>
            Removed {gone.value.preset.name}.{' '}
            <button type="button" class="link" onClick={() => gone.value && void act(shelf.save(gone.value.site, gone.value.preset), null)}>
              Undo
            </button>
          </>
        )}
      </p>
    </Card>
  );
}
