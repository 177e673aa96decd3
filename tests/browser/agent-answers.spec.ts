// What an agent reads in five situations: each answer is kept as a file, is short, and names the cause and the fix.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../scripts/setup.mjs';
import { agentTest as test } from './agent';
import { expect, launchDebugged, until } from './connected';
import { hookOf } from './support';

interface Situation {
  readonly name: string;
  readonly address: string;
  /** What happens on the page after the agent has opened it. */
  act?(page: Page): Promise<unknown>;
  /** Words of the cause and of the fix, by tool. */
  readonly names: Readonly<Record<string, readonly RegExp[]>>;
}

const OTHER = '11111111-2222-4333-8444-555555555555';
const TOOLS = [
  ['session', {}],
  ['history', { kinds: ['uuid', 'token'] }],
  ['requests', { onlyProblems: true }],
  ['diagnose', {}],
] as const;

const SITUATIONS: readonly Situation[] = [
  {
    name: 'a UUID that changed by a cookie',
    address: '/?sdk=web&shop=answers-cookie',
    async act(page) {
      await page.evaluate((uuid) => {
        // biome-ignore lint/suspicious/noDocumentCookie: it is how sites set it
        document.cookie = `_snrs_reset_uuid=${uuid}; path=/`;
      }, OTHER);
      await page.reload();
      await until('the new UUID', async () => (await hookOf(page).catch(() => null))?.held.uuid === OTHER);
    },
    names: { session: [/_snrs_reset_uuid.*reset cookie/], history: [/_snrs_reset_uuid.*reset cookie/, /find what sets it/] },
  },
  {
    name: 'an expired token',
    address: '/?sdk=web&jwt&shop=answers-expired&exp=past',
    names: { session: [/expired \d/, /token-expired.*Fix: /], diagnose: [/token-expired/, /Fix: .*[Rr]efresh/] },
  },
  {
    name: 'two SDKs',
    address: '/?sdk=web&shop=answers-two&twokeys=SRSecond',
    names: { diagnose: [/sdk-loaded-twice|two-tracker-keys/, /Fix: /], session: [/Fix: /] },
  },
  {
    name: 'a refresh loop',
    address: '/?sdk=react-native&shop=answers-loop',
    async act(page) {
      const refresh = page.getByRole('button', { name: 'Refresh token' });
      for (let times = 0; times < 6; times += 1) {
        const before = (await hookOf(page)).held.token?.raw;
        await refresh.click();
        await until('the next token', async () => (await hookOf(page)).held.token?.raw !== before);
      }
    },
    names: { session: [/refresh-loop/, /Fix: .*in-flight/], diagnose: [/refresh-loop/, /6 refreshes within 1 min/] },
  },
  {
    name: 'a healthy page',
    address: '/?sdk=react-native&shop=answers-healthy',
    names: { session: [/issues: 0/, /anonymous/], diagnose: [/No issues found/] },
  },
];

/** Values that differ in each run become others of the same length: the file says what each answer costs. */
function steady(text: string, origin: string): string {
  const uuids = new Map<string, string>();
  const steadyUuid = (uuid: string) => {
    if (uuid === OTHER) return uuid;
    if (!uuids.has(uuid)) uuids.set(uuid, `${'0'.repeat(7)}${uuids.size}-0000-4000-8000-000000000000`);
    return uuids.get(uuid) ?? '';
  };
  return text
    .replaceAll(new URL(origin).port, '00000')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2027-01-15T08:00:00.000Z')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? UTC/g, '2027-01-15 08:00:00 UTC')
    .replace(/(\d+) of \d+\)/g, '$1 of N)')
    .replace(/\d+ s before/g, '00 s before')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, steadyUuid);
}

/** Five situations, in each of which four tools may have to be asked for up to 20 s (ms). */
test.setTimeout(400_000);

test('an agent finds the cause in each situation, in answers of at most 4,000 characters', async ({ sandbox, agent }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/empty`);
  const { page } = chromium;
  const { call } = agent;
  for (const { name, address, act, names } of SITUATIONS)
    await test.step(name, async () => {
      await page.context().clearCookies();
      await page.evaluate(() => localStorage.clear());
      await page.goto(`${sandbox.origin}${address}`);
      await until('the UUID', async () => (await hookOf(page).catch(() => null))?.held.uuid);
      await call('open', { endpoint: chromium.endpoint });
      await act?.(page);
      const answers: Record<string, string> = {};
      for (const [tool, args] of TOOLS) {
        // Rules run after what they are about: an answer is right once it names the cause.
        const wanted = names[tool] ?? [];
        const { text } = await until(
          `${tool} to name the cause`,
          async () => {
            const told = await call(tool, args);
            answers[tool] = told.text;
            return wanted.every((words) => words.test(told.text)) ? told : null;
          },
          20_000,
        ).catch(() => ({ text: answers[tool] ?? '' }));
        for (const words of wanted) expect(text, tool).toMatch(words);
        expect(text.length).toBeLessThanOrEqual(4000);
      }
      const file = join(ROOT, 'tests', 'browser', 'answers', `${name.replace(/^an? /, '').replaceAll(' ', '-')}.md`);
      const made = TOOLS.map(([tool]) => `# ${tool}\n\n${steady(answers[tool] ?? '', sandbox.origin)}\n`).join('\n');
      // `ANSWERS=write` rewrites the files; the diff shows every changed answer.
      if (process.env['ANSWERS'] === 'write') writeFileSync(file, made);
      expect(made).toBe(readFileSync(file, 'utf8'));
    });
  await chromium.close();
});
