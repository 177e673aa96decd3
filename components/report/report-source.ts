/** A report from a file, shown like a live tab but read-only. */
import { signal } from '@preact/signals';
import type { Case } from '@/lib/diagnostics/case';
import type { Report } from '@/lib/report/report';
import type { Held, Source } from '../state/record';

export interface OpenedReport extends Source {
  readonly name: string;
  readonly report: Report;
  readonly subject: Case;
}

/** A file that could not be opened, and why. */
export interface Unopened {
  readonly name: string;
  readonly problem: string;
}

/** Opens a report file. */
export async function openReport(file: File): Promise<OpenedReport | Unopened> {
  const { name } = file;
  const loaded = await Promise.all([import('@/lib/report/read'), import('@/lib/report/report')]).catch(() => null);
  // After an update of the extension, its old chunks are gone.
  if (!loaded) return { name, problem: 'Couldn’t load the report reader. Close and reopen DevTools.' };
  const [{ MAX_REPORT, readReport }, { caseOf }] = loaded;
  if (file.size > MAX_REPORT)
    return { name, problem: `File is too large: ${Math.round(file.size / 1e6)} MB (limit ${MAX_REPORT / 1e6} MB).` };
  let text: string;
  try {
    text = await file.text();
  } catch {
    return { name, problem: 'Can’t read this file. It may have been moved or changed.' };
  }
  const read = readReport(text);
  if ('problem' in read) return { name, problem: read.problem };
  const subject = caseOf(read.report);
  const history = signal<Held>({ entries: subject.entries, epoch: 0, dropped: read.report.dropped });
  return { live: false, name, report: read.report, subject, history, detailed: signal(0), detailOf: (key) => subject.detailOf(key) };
}
