import { runInThisContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { detect } from '@/lib/page/detect';
import { TABLES } from '@/lib/sdk/dialects';

// In a file of its own: the name stays dead for the whole realm.
it('goes on where a name is declared and its script died before it had a value: even `typeof` throws then', () => {
  expect(() => runInThisContext('const SR = (() => { throw new Error("the script died"); })();')).toThrow('the script died');
  expect(() => runInThisContext('typeof SR')).toThrow(ReferenceError);
  vi.stubGlobal('Synerise', { client: { getUUID: () => 'uuid' } });
  expect(detect({ id: 't', dialects: TABLES, places: [] }).found).toMatchObject([{ place: 'Synerise.client', state: 'ready' }]);
});
