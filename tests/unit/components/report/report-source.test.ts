// A report file as a view shows it, and the case of a live tab.

import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { caseNow } from '@/components/diagnostics/case-now';
import { openReport } from '@/components/report/report-source';
import type { Held } from '@/components/state/record';
import { patched } from '@/lib/protocol/patch';
import { MAX_REPORT, writeReport } from '@/lib/report/read';
import { type ReportEntry, reportOf } from '@/lib/report/report';
import { newSession } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import { call, inAndOut, native, numbered, uuidEntry } from '../../diagnostics/make';
import { T0 } from '../../fakes/make';

const maker = { by: { name: 'Inspector', version: '1' }, browser: 'Chromium', findings: [], muted: [], broken: [], dropped: 3 };
const subject = native({
  entries: [uuidEntry(T0), call(T0 + 5, 'signIn')],
  details: inAndOut('signIn', T0 + 5, { args: ['a@example.test'], value: true }),
});
const text = writeReport(reportOf(subject, maker));
const open = (content: string, name = 'report.json') => openReport(new File([content], name));
/** A file as the browser returns it. */
const fileOf = (over: { readonly size?: number; text(): Promise<string> }): File => ({ name: 'a.json', size: 10, ...over }) as File;

describe('openReport', () => {
  it('shows a report as it shows a live tab', async () => {
    const opened = await open(text);
    if ('problem' in opened) throw new Error(opened.problem);
    expect(opened).toMatchObject({ name: 'report.json', report: { by: maker.by }, subject: { at: subject.at, origin: subject.origin } });
    expect(opened.history.value).toEqual({ entries: subject.entries, epoch: 0, dropped: 3 });
    expect(opened.detailed.value).toBe(0);
    expect(opened.detailOf(`signIn@${T0 + 5}`)).toEqual({ call: { args: ['a@example.test'], value: true } });
    expect(opened.detailOf('another')).toBeNull();
    expect(opened.history.value.entries.some((entry) => 'detail' in (entry as ReportEntry))).toBe(false);
  });

  it.each([
    ['', 'empty'],
    ['nonsense', 'Not valid JSON'],
    [text.slice(0, -20), 'truncated'],
    ['{}', 'Not a session report'],
    [text.replace('"version": 1', '"version": 99'), 'version 99'],
    [text.replace(`"nth": 0`, '"nth": -1'), 'damaged'],
  ])('reports what is wrong with a file (%#)', async (content, words) => {
    expect(await open(content, 'mine.json')).toEqual({ name: 'mine.json', problem: expect.stringContaining(words) });
  });

  it('does not read a file that is too large', async () => {
    const file = fileOf({ size: MAX_REPORT + 1, text: () => Promise.reject(new Error('was read')) });
    expect(await openReport(file)).toMatchObject({ problem: expect.stringContaining('too large: 200 MB (limit 200 MB)') });
  });

  it('reports a file that the browser cannot read', async () => {
    const file = fileOf({ text: () => Promise.reject(new DOMException('gone', 'NotReadableError')) });
    expect(await openReport(file)).toMatchObject({ name: 'a.json', problem: expect.stringContaining('Can’t read this file') });
  });
});

describe('caseNow', () => {
  it('combines the session with its current entries and cookies, and reads details on demand', () => {
    const entries = numbered([uuidEntry(T0)]);
    let asked = '';
    const record = {
      live: true,
      history: signal<Held>({ entries, epoch: 0, dropped: 0 }),
      detailed: signal(0),
      detailOf(key: string) {
        asked = key;
        return { call: { value: 1 } };
      },
    };
    const seenCookies = signal<readonly SeenCookie[]>([{ name: 'a', httpOnly: true }]);
    const session = patched(newSession(7, true, T0), { page: { path: '/x' }, policy: { lead: 5000 } });
    const made = caseNow(session, { record, seenCookies }, T0 + 9);
    expect(made).toMatchObject({ at: T0 + 9, path: '/x', lead: 5000, incognito: true, set: [{ name: 'a' }], customer: null });
    expect(made.entries).toBe(entries);
    expect(made.detailOf('k')).toEqual({ call: { value: 1 } });
    expect(asked).toBe('k');
  });
});
