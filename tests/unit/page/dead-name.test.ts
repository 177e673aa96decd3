import { runInThisContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { detect } from '@/lib/page/detect';
import { TABLES } from '@/lib/sdk/dialects';

// In its own file: the name stays dead for the whole realm.
it('detection continues when a name was declared but its script threw before initializing it, so that even `typeof` throws', () => {
  expect(() => runInThisContext('const SR = (() => { throw new Error("the script died"); })();')).toThrow('the script died');
  expect(() => runInThisContext('typeof SR')).toThrow(ReferenceError);
  vi.stubGlobal('Synerise', { client: { getUUID: () => 'uuid' } });
  expect(detect({ id: 't', dialects: TABLES, places: [] }).found).toMatchObject([{ place: 'Synerise.client', state: 'ready' }]);
});
