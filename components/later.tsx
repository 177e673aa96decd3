import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** A component that comes in a chunk of its own, right after the first paint: nothing stands in its place until then. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const begin = async () => {
    loaded.value ??= await load();
  };
  return function Later(props: Props) {
    // An extension that was updated has its old chunks no more: the connection line says so.
    useEffect(() => void begin().catch(() => undefined), []);
    const Loaded = loaded.value;
    return Loaded && <Loaded {...props} />;
  };
}
