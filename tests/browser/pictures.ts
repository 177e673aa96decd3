// Screenshots compared with kept ones, which are in `tests/browser/pictures`. `PICTURES=keep npx playwright test states` keeps new ones: look at each.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';

import { ROOT } from '../../scripts/setup.mjs';

const FOLDER = join(import.meta.dirname, 'pictures');
const KEEP = process.env['PICTURES'] === 'keep';

/** Pictures are compared as squares of this size (px), by mean color: text and fonts that differ between runs are alike there. */
const SQUARE = 10;
/** How much a channel of a square may differ (of 255). */
const SHADE = 26;
/** The part of all squares that may differ more. */
const PART = 0.02;

/** Fonts of the tests' own: those of a machine have other widths, and lines would break elsewhere. */
const FONTS = (
  [
    ['Sans', 'dejavu-sans'],
    ['Mono', 'dejavu-mono'],
  ] as const
).flatMap(([family, name]) =>
  [400, 700].map((weight) => {
    const file = join(ROOT, 'node_modules', '@fontsource', name, 'files', `${name}-latin-${weight}-normal.woff2`);
    return { family, weight: String(weight), data: readFileSync(file).toString('base64') };
  }),
);

/** In a page: shows it in these fonts. Neither a style element nor a font's address would pass the policy of our pages. */
async function showFonts(fonts: typeof FONTS) {
  if (document.adoptedStyleSheets.length) return;
  for (const { family, weight, data } of fonts) {
    const face = new FontFace(
      family,
      Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)),
      { weight },
    );
    document.fonts.add(await face.load());
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { --mono: "Mono"; } :root, body { font-family: "Sans"; }');
  document.adoptedStyleSheets = [sheet];
}

/** The hour shown in pictures: it and the next have one digit, so that times always have the same width. */
const HOUR = 3;

/** Reloads a view in a time zone where it is that hour. */
export async function atThatHour(own: Page): Promise<void> {
  const east = ((HOUR - new Date().getUTCHours() + 36) % 24) - 12;
  const cdp = await own.context().newCDPSession(own);
  // The sign of these zones is reversed: `Etc/GMT-3` is east of Greenwich.
  const timezoneId = `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
  // All pages of a process share their time zone: the page before, which is being closed, may still hold it.
  await expect(() => cdp.send('Emulation.setTimezoneOverride', { timezoneId })).toPass();
  await own.reload();
}

/** Where DevTools are docked (px). */
const DOCKS = { bottom: { width: 1280, height: 360 }, right: { width: 420, height: 900 } } as const;
/** Each is a dock and how its colors are chosen. */
const SHOTS = [
  ['bottom', 'light'],
  ['bottom', 'dark'],
  ['right', 'light'],
  ['bottom', 'forced'],
] as const;

/** In a page: how much of two pictures differs, or why they cannot be compared; without a kept one, the new one compressed, to keep. */
async function compare({ kept, made, square, shade }: { kept: string | null; made: string; square: number; shade: number }) {
  const draw = async (data: string) => {
    // Not by `fetch`, which the policy of our pages forbids.
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    return canvas;
  };
  const now = await draw(made);
  if (kept === null) return { webp: now.toDataURL('image/webp', 0.8).split(',')[1] ?? '', differs: null };
  const before = await draw(kept);
  const { width, height } = now;
  if (before.width !== width || before.height !== height) return { webp: '', differs: 1 };
  const columns = Math.ceil(width / square);
  /** How far the two are apart in each square and channel, summed over its pixels; and how many pixels a square has. */
  const apart = new Float64Array(columns * Math.ceil(height / square) * 3);
  const sizes = new Float64Array(apart.length);
  const [one, other] = [now, before].map(
    (canvas) => (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, width, height).data,
  ) as [Uint8ClampedArray, Uint8ClampedArray];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = Math.floor(Math.floor(pixel / width) / square) * columns + Math.floor((pixel % width) / square);
    for (let channel = 0; channel < 3; channel += 1) {
      const cell = at * 3 + channel;
      apart[cell] = (apart[cell] ?? 0) + (one[pixel * 4 + channel] ?? 0) - (other[pixel * 4 + channel] ?? 0);
      sizes[cell] = (sizes[cell] ?? 0) + 1;
    }
  }
  const different = new Set<number>();
  apart.forEach((sum, cell) => {
    if (Math.abs(sum) / (sizes[cell] ?? 1) > shade) different.add(Math.floor(cell / 3));
  });
  return { webp: '', differs: different.size / (apart.length / 3) };
}

/**
 * Compares a view in this state with its kept pictures, in each dock and theme.
 * @param size for a view that isn't docked: only in this size
 */
export async function looksAsKept(own: Page, name: string, size?: { width: number; height: number }): Promise<void> {
  const shots = size ? SHOTS.filter(([dock, scheme]) => dock === 'bottom' && scheme !== 'forced') : SHOTS;
  await own.evaluate(showFonts, FONTS);
  // Nothing is hovered.
  await own.mouse.move(0, 0);
  for (const [dock, scheme] of shots) {
    await own.setViewportSize(size ?? DOCKS[dock]);
    await own.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light', forcedColors: scheme === 'forced' ? 'active' : 'none' });
    // Lists draw their rows in the frame after their size changed.
    await own.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const file = join(FOLDER, [name, ...(size ? [] : [dock]), `${scheme}.webp`].join('-'));
    const made = await own.screenshot({ animations: 'disabled', caret: 'hide' });
    const kept = existsSync(file) && !KEEP ? readFileSync(file).toString('base64') : null;
    const { webp, differs } = await own.evaluate(compare, { kept, made: made.toString('base64'), square: SQUARE, shade: SHADE });
    if (KEEP) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, Buffer.from(webp, 'base64'));
      continue;
    }
    if (differs === null || differs > PART) writeFileSync(test.info().outputPath(`${name}-${dock}-${scheme}.png`), made);
    expect(differs, `${file}: no such picture is kept`).not.toBeNull();
    expect(differs, `the part of ${file} that differs`).toBeLessThanOrEqual(PART);
  }
  await own.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}
