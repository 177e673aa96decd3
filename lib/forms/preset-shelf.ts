import { type ReadonlySignal, signal } from '@preact/signals';
import { createTurns } from '../tasks/turns';
import type { Preset, Presets } from './presets';

export const PRESETS_KEY = 'presets';

/** The part of `browser.storage.local` that is used. */
interface Storage {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  readonly onChanged: { addListener(listener: (changes: Record<string, { newValue?: unknown }>) => void): void };
}

const UNSAVED = 'Couldn’t save the preset: extension storage is full or unavailable.';

/** The presets that a person saved. */
export interface PresetShelf {
  readonly all: ReadonlySignal<Presets>;
  /** Returns why the preset could not be saved; `null` if it was. */
  save(site: string, preset: Preset): Promise<string | null>;
  remove(site: string, preset: Preset): Promise<string | null>;
}

/** The presets in `storage.local`, updated when any view changes them. Their schema is loaded with the first of them. */
export function presetShelf(local: Storage): PresetShelf {
  const all = signal<Presets>({});
  const library = () => import('./presets');
  const parse = async (stored: unknown) => (stored === undefined ? {} : (await library()).parsePresets(stored));
  const read = async () => parse((await local.get(PRESETS_KEY))[PRESETS_KEY]);
  const show = (presets: Promise<Presets>) =>
    presets.then(
      (next) => {
        all.value = next;
      },
      // Storage can't be read, or an update of the extension has removed the schema: what is shown stays.
      () => undefined,
    );
  local.onChanged.addListener((changes) => {
    if (changes[PRESETS_KEY]) void show(parse(changes[PRESETS_KEY].newValue));
  });
  void show(read());
  const inTurn = createTurns();
  const store = async (change: (presets: Presets, library: typeof import('./presets')) => Presets): Promise<string | null> => {
    try {
      const presets = await library();
      await inTurn(async () => {
        // Read again: another panel may have added some.
        const next = change(await read(), presets);
        await local.set({ [PRESETS_KEY]: presets.storedPresets(next) });
        all.value = next;
      });
      return null;
    } catch (error) {
      return error instanceof Error && error.name === 'TooManyPresets' ? error.message : UNSAVED;
    }
  };
  return {
    all,
    save: (site, preset) => store((presets, { withPreset }) => withPreset(presets, site, preset)),
    remove: (site, preset) => store((presets, { withoutPreset }) => withoutPreset(presets, site, preset)),
  };
}
