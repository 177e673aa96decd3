import type { Severity } from '@/lib/diagnostics/rule';
import type { Tone } from '../ui/parts';

/** The label and color of each severity. */
export const SEVERITY_WORDS: Record<Severity, { readonly label: string; readonly tone: Tone }> = {
  error: { label: 'Error', tone: 'bad' },
  warning: { label: 'Warning', tone: 'warn' },
  info: { label: 'Info', tone: 'info' },
};
