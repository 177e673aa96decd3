import { PRESETS_KEY, type Preset, type Presets, parsePresets, storedPresets, withoutPreset, withPreset } from './presets';

/** The little that is needed of `browser.storage`. */
interface Storage {
  readonly local: { get(key: string): Promise<Record<string, unknown>>; set(items: Record<string, unknown>): Promise<void> };
  readonly onChanged: { addListener(listener: (changes: Record<string, { newValue?: unknown }>, area: string) => void): void };
}

/** The presets in `storage.local`, followed as they change in any view. */
export interface PresetStore {
  /** Gives why it was not kept; `null` where it was. */
  save(site: string, preset: Preset): Promise<string | null>;
  remove(site: string, preset: Preset): Promise<string | null>;
}

/** @param changed is given all presets, at first and whenever they change */
export function followPresets({ local, onChanged }: Storage, changed: (all: Presets) => void): PresetStore {
  const read = async () => parsePresets((await local.get(PRESETS_KEY))[PRESETS_KEY]);
  onChanged.addListener((changes, area) => {
    if (area === 'local' && changes[PRESETS_KEY]) changed(parsePresets(changes[PRESETS_KEY].newValue));
  });
  void read().then(changed, () => undefined);
  const store = async (change: (all: Presets) => Presets): Promise<string | null> => {
    try {
      // Read anew: another panel may have added some.
      const all = change(await read());
      await local.set({ [PRESETS_KEY]: storedPresets(all) });
      changed(all);
      return null;
    } catch {
      return 'It could not be kept: the browser gives the extension no more room, or no storage.';
    }
  };
  return {
    save: (site, preset) => store((all) => withPreset(all, site, preset)),
    remove: (site, preset) => store((all) => withoutPreset(all, site, preset)),
  };
}
