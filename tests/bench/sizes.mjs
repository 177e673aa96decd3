import { BUILD } from '../../scripts/chromium.mjs';
import { sizesOf } from '../../scripts/sizes.mjs';
import { compare } from './support.mjs';

export const title = 'Size of the build, gzipped, against its budget';

/** @type {import('./support.mjs').Subject} */
export const measure = () =>
  sizesOf(BUILD).map(({ name, bytes, budget }) => compare({ name, against: 'budget', unit: 'KB' }, [bytes / 1024], [budget / 1024]));
