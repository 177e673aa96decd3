import { expect, it } from 'vitest';
import { TABLES } from '@/lib/sdk/dialects';
import { ACCOUNT_OPERATION_NAMES, type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';
import { dialectsPage } from '../../scripts/dialects-page';

it('docs/dialects.md says what the tables say (`npm run docs` writes it anew)', async () => {
  await expect(dialectsPage()).toMatchFileSnapshot('../../docs/dialects.md');
});

it.each<[string, readonly OperationName[], number]>([
  ['session', SESSION_OPERATION_NAMES, TABLES.length],
  // The Web SDK has no accounts; whom an operation needs, and its permission, stand before the dialects.
  ['account', ACCOUNT_OPERATION_NAMES, TABLES.length - 1 + 2],
])('has a cell for each dialect and %s operation', (_of, names, cells) => {
  const rows = dialectsPage().split('\n');
  for (const name of names) {
    const row = rows.find((line) => line.startsWith('| **') && line.includes(`\`${name}\` |`));
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(cells + 3);
  }
});
