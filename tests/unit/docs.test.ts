import { expect, it } from 'vitest';
import { TABLES } from '@/lib/sdk/dialects';
import { OPERATION_NAMES } from '@/lib/sdk/operations';
import { dialectsPage } from '../../scripts/dialects-page';

it('docs/dialects.md says what the tables say (`npm run docs` writes it anew)', async () => {
  await expect(dialectsPage()).toMatchFileSnapshot('../../docs/dialects.md');
});

it('has a cell for each dialect and operation', () => {
  const rows = dialectsPage().split('\n');
  for (const name of OPERATION_NAMES) {
    const row = rows.find((line) => line.startsWith('| **') && line.includes(`\`${name}\` |`));
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(TABLES.length + 3);
  }
});
