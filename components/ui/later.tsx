import { type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** A component in its own chunk, which is requested at once, in parallel with whatever else the view waits for. */
export type Later<Props> = ComponentType<Props> & {
  /** True once it has loaded or failed to: after an update of the extension, its old chunks are gone. */
  readonly settled: ReadonlySignal<boolean>;
};

export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const settled = signal(false);
  const begin = async () => {
    try {
      loaded.value = await load();
    } finally {
      settled.value = true;
    }
  };
  void begin().catch(() => undefined);
  const Later = (props: Props) => {
    const Loaded = loaded.value;
    return Loaded && <Loaded {...props} />;
  };
  return Object.assign(Later, { settled });
}
