import { expect, it } from 'vitest';
import { hasFailed } from '@/components/timeline/timeline-columns';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Verdict } from '@/lib/session/terms';

const head = { seq: 1, nth: 1, at: 0, key: 'k', endedAt: 5 };
const operation = (verdict: Verdict): HistoryEntry => ({ ...head, kind: 'operation', operation: 'regenerateUUID', by: 'person', verdict });
const call = (ok: boolean | null): HistoryEntry => ({ ...head, kind: 'call', does: 'signIn', told: {}, ok });

it.each([
  ['an action that failed', operation('failed'), true],
  ['an action that timed out', operation('timed-out'), true],
  ['an action without effect', operation('refused'), false],
  ['an action that is done', operation('done'), false],
  ['a call that failed', call(false), true],
  ['a call whose outcome can’t be observed', call(null), false],
])('lists only failures as problems: %s', (_, entry, is) => {
  expect(hasFailed(entry)).toBe(is);
});
