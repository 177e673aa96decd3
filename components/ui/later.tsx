import { type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** A component that comes in a chunk of its own, asked for at once, beside whatever else the view waits for. */
export type Later<Props> = ComponentType<Props> & {
  /** True once it is there, or will not come: an extension that was updated has its old chunks no more. */
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
