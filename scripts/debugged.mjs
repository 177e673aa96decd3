// A headless Chromium with a debugging port, without extensions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { launchOptions, newProfile, remove, sandboxed } from './chromium.mjs';

/**
 * @param {object} [options]
 * @param {number} [options.port] a free one by default
 * @param {{ width: number, height: number }} [options.viewport]
 * @returns {Promise<{ context: import('@playwright/test').BrowserContext, page: import('@playwright/test').Page, endpoint: string, close: () => Promise<void> }>}
 *   `page`: a blank one
 */
export async function launchDebugged({ port = 0, viewport } = {}) {
  const profile = newProfile();
  try {
    const context = await sandboxed((sandbox) =>
      chromium.launchPersistentContext(profile, {
        ...launchOptions({ headless: true, sandbox, args: [`--remote-debugging-port=${port}`] }),
        ...(viewport && { viewport }),
      }),
    );
    // The browser writes this file only if it chose the port itself.
    const at = port || Number(readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]);
    return {
      context,
      page: context.pages()[0] ?? (await context.newPage()),
      endpoint: `http://127.0.0.1:${at}`,
      async close() {
        await context.close().catch(() => {});
        remove(profile);
      },
    };
  } catch (error) {
    remove(profile);
    throw error;
  }
}
