import type { Severity } from '@/lib/diagnostics/rule';
import type { Tone } from '../ui/parts';

/** How a severity is called and colored. */
export const SEVERITY_WORDS: Record<Severity, { readonly label: string; readonly tone: Tone }> = {
  error: { label: 'Error', tone: 'bad' },
  warning: { label: 'Warning', tone: 'warn' },
  info: { label: 'Info', tone: 'info' },
};
