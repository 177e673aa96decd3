import { describe, expect, it, vi } from 'vitest';
import { inSlices, SLICE } from '@/lib/tasks/slices';

/** After how many items `inSlices` yielded, if each takes longer than a slice. */
async function yields(count: number, every?: number): Promise<number[]> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const told: number[] = [];
  const work = () => {
    now += SLICE + 1;
  };
  await inSlices(Array.from({ length: count }), work, { told: (done) => told.push(done), ...(every && { every }) });
  return told;
}

describe('inSlices', () => {
  it('looks at the clock after every 16th item', async () => {
    expect(await yields(40)).toEqual([1, 17, 33]);
  });

  it('looks more often where one item may take long', async () => {
    expect(await yields(4, 1)).toEqual([1, 2, 3, 4]);
  });
});
