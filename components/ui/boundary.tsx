import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** Keeps an error of one part from taking the rest of the view with it: shows the error in place of the part. */
export function Boundary({ children }: { children: ComponentChildren }) {
  const [error, retry] = useErrorBoundary((thrown) => console.error(thrown)) as [unknown, () => void];
  if (!error) return <>{children}</>;
  return (
    <p class="trouble note" role="alert">
      Couldn’t show this: {error instanceof Error ? error.message : 'unknown error'}.{' '}
      <button type="button" class="link" onClick={retry}>
        Try again
      </button>
    </p>
  );
}
