import { type ReadonlySignal, signal } from '@preact/signals';
import { createTurns } from '../tasks/turns';
import { PRESETS_KEY, type Preset, type Presets, parsePresets, storedPresets, TooManyPresets, withoutPreset, withPreset } from './presets';

/** The part of `browser.storage.local` that is used. */
interface Storage {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  readonly onChanged: { addListener(listener: (changes: Record<string, { newValue?: unknown }>) => void): void };
}

/** The presets that a person saved. */
export interface PresetShelf {
  readonly all: ReadonlySignal<Presets>;
  /** Returns why the preset could not be saved; `null` if it was. */
  save(site: string, preset: Preset): Promise<string | null>;
  remove(site: string, preset: Preset): Promise<string | null>;
}

/** The presets in `storage.local`, updated when any view changes them. */
export function presetShelf(local: Storage): PresetShelf {
  const all = signal<Presets>({});
  const read = async () => parsePresets((await local.get(PRESETS_KEY))[PRESETS_KEY]);
  const load = async () => {
    all.value = await read();
  };
  local.onChanged.addListener((changes) => {
    if (changes[PRESETS_KEY]) all.value = parsePresets(changes[PRESETS_KEY].newValue);
  });
  void load().catch(() => undefined);
  const inTurn = createTurns();
  const store = (change: (presets: Presets) => Presets): Promise<string | null> =>
    inTurn(async () => {
      // Read again: another panel may have added some.
      const next = change(await read());
      await local.set({ [PRESETS_KEY]: storedPresets(next) });
      all.value = next;
    }).then(
      () => null,
      (error: unknown) =>
        error instanceof TooManyPresets ? error.message : 'Couldn’t save the preset: extension storage is full or unavailable.',
    );
  return {
    all,
    save: (site, preset) => store((presets) => withPreset(presets, site, preset)),
    remove: (site, preset) => store((presets) => withoutPreset(presets, site, preset)),
  };
}
