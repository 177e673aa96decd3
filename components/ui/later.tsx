import { type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** When a chunk is requested at the latest (ms after its view's scripts ran): after an update of the extension, it is gone. */
const LATEST = 500;

/** A component in its own chunk, which is requested when the component is first rendered, or soon after the view has opened. */
export type Later<Props> = ComponentType<Props> & {
  /** Requests the chunk now. */
  request(): void;
  /** True once it has loaded, or failed to. */
  readonly isSettled: ReadonlySignal<boolean>;
};

export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const isSettled = signal(false);
  let isRequested = false;
  const request = () => {
    if (isRequested) return;
    isRequested = true;
    load()
      .then((component) => {
        loaded.value = component;
      })
      .catch(() => undefined)
      .finally(() => {
        isSettled.value = true;
      });
  };
  setTimeout(request, LATEST);
  const Later = (props: Props) => {
    request();
    const Loaded = loaded.value;
    return Loaded && <Loaded {...props} />;
  };
  return Object.assign(Later, { request, isSettled });
}
