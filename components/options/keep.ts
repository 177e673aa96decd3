import type { Settings } from '@/lib/settings/settings';

/** Stores settings. With `said` the change can be taken back, and that is what is said of it. */
export type Keep = (next: Settings, said?: string) => void;
