import type { Settings } from '@/lib/settings/settings';

/** Stores settings. With `said`, the message about the change, the change can be undone. */
export type ApplySettings = (next: Settings, said?: string) => void;
