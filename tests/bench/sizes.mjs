import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../../scripts/chromium.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { sizePage } from '../../scripts/size-page.mjs';
import { sizesOf } from '../../scripts/sizes.mjs';
import { compare } from './support.mjs';

export const title = 'Size of the build, gzipped, against its budget';

/** Writes docs/size.md too. @type {import('./support.mjs').Subject} */
export function measure() {
  const sizes = sizesOf(BUILD);
  writeFileSync(join(ROOT, 'docs', 'size.md'), sizePage(sizes));
  return sizes.map(({ name, bytes, budget }) => compare({ name, against: 'budget', unit: 'KB' }, [bytes / 1024], [budget / 1024]));
}
