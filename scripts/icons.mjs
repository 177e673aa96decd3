// Renders the manifests' PNG icons from public/icon.svg: `node scripts/icons.mjs`.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { findChromium } from './setup.mjs';

const svg = await readFile('public/icon.svg', 'utf8');
const browser = await chromium.launch({ executablePath: findChromium() ?? chromium.executablePath(), args: ['--no-sandbox'] });
for (const size of [16, 32, 48, 128]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await writeFile(`public/icon-${size}.png`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
