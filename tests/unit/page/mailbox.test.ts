import { describe, expect, it } from 'vitest';
import { createMailbox } from '@/lib/page/mailbox';

const LIMIT = 400_000;
const read = (texts: string[]) => texts.map((text) => JSON.parse(text) as { seq: number; at: number; id: string });
const late = (id: string) => ({ kind: 'late', id, how: 'success' }) as const;

describe('mailbox', () => {
  it('keeps the order, numbers reports from 1 and stamps each with its time', () => {
    let now = 100;
    const mailbox = createMailbox(() => now);
    mailbox.push(late('a'));
    now = 250;
    mailbox.push(late('b'));
    expect(read(mailbox.after(0))).toEqual([
      { seq: 1, at: 100, kind: 'late', id: 'a', how: 'success' },
      { seq: 2, at: 250, kind: 'late', id: 'b', how: 'success' },
    ]);
  });

  it('never drains by reading', () => {
    const mailbox = createMailbox(() => 1);
    for (const id of ['a', 'b', 'c']) mailbox.push(late(id));
    const first = mailbox.after(1);
    expect(read(first).map(({ id }) => id)).toEqual(['b', 'c']);
    first.length = 0;
    expect(read(mailbox.after(1)).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(read(mailbox.after(0)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(mailbox.after(3)).toEqual([]);
  });

  it('starts empty with nothing lost', () => {
    const mailbox = createMailbox(() => 1);
    expect(mailbox.after(0)).toEqual([]);
    expect(mailbox.lost(0)).toBe(false);
  });

  it('reports a cursor of another mailbox as lost', () => {
    const mailbox = createMailbox(() => 1);
    mailbox.push(late('a'));
    expect(mailbox.lost(1)).toBe(false);
    expect(mailbox.lost(2)).toBe(true);
    expect(mailbox.after(2)).toEqual([]);
  });

  it('drops the oldest reports beyond its length, and reports the loss', () => {
    const mailbox = createMailbox(() => 1);
    for (let index = 0; index < 100; index += 1) mailbox.push(late(String(index).padEnd(10_000, '.')));
    const kept = mailbox.after(0);
    const seqs = read(kept).map(({ seq }) => seq);
    const first = seqs[0] as number;
    expect(kept.join('').length).toBeLessThanOrEqual(LIMIT);
    expect(kept.join('').length).toBeGreaterThan(LIMIT - 11_000);
    expect(seqs).toEqual(Array.from({ length: 101 - first }, (_, index) => first + index));
    expect(seqs.at(-1)).toBe(100);
    expect(mailbox.lost(0)).toBe(true);
    expect(mailbox.lost(first - 2)).toBe(true);
    expect(mailbox.lost(first - 1)).toBe(false);
    expect(read(mailbox.after(first)).map(({ seq }) => seq)[0]).toBe(first + 1);
  });

  it('keeps the newest report whatever its size', () => {
    const mailbox = createMailbox(() => 1);
    const detail = Array.from({ length: 150 }, () => '\u0001'.repeat(9000));
    mailbox.push(late('small'));
    mailbox.push({ kind: 'settled', id: 'big', how: 'error', value: detail, error: null, ms: 1 });
    expect(read(mailbox.after(1)).map(({ id }) => id)).toEqual(['big']);
    mailbox.push(late('next'));
    expect(read(mailbox.after(2)).map(({ id }) => id)).toEqual(['next']);
    expect(mailbox.lost(2)).toBe(false);
    expect(mailbox.after(0).join('').length).toBeLessThanOrEqual(LIMIT);
  });
});
