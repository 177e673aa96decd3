import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { RULES } from '@/lib/diagnostics/rules';
import { reportSchema } from '@/lib/report/schema';
import { TABLES } from '@/lib/sdk/dialects';
import { ACCOUNT_OPERATION_NAMES, type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';
import { withCosts } from '../../scripts/agents-costs';
import { diagnosticsPage, FOUND, NOT_RULES, SITUATIONS } from '../../scripts/diagnostics-page';
import { dialectsPage } from '../../scripts/dialects-page';
import { EXIT, USAGE } from '../../scripts/inspect/arguments.mjs';
import { outputSchema } from '../../scripts/inspect/output';
import { roomsPage } from '../../scripts/rooms.mjs';
import { withStatesDiagram } from '../../scripts/states-diagram';

it('docs/dialects.md says what the tables say (`npm run docs` writes it anew)', async () => {
  await expect(dialectsPage()).toMatchFileSnapshot('../../docs/dialects.md');
});

it('docs/diagnostics.md says what the rules say', async () => {
  await expect(diagnosticsPage()).toMatchFileSnapshot('../../docs/diagnostics.md');
});

it('docs/architecture.md draws the states that the table has', async () => {
  await expect(withStatesDiagram(readFileSync('docs/architecture.md', 'utf8'))).toMatchFileSnapshot('../../docs/architecture.md');
});

it('docs/agents.md says what the kept answers cost', async () => {
  await expect(withCosts(readFileSync('docs/agents.md', 'utf8'))).toMatchFileSnapshot('../../docs/agents.md');
});

it('docs/rooms.md says what the table of the rooms says', async () => {
  await expect(roomsPage()).toMatchFileSnapshot('../../docs/rooms.md');
});

it('docs/report.schema.json is the schema that reports are read by', async () => {
  const schema = z.toJSONSchema(reportSchema, { io: 'input' });
  await expect(`${JSON.stringify({ title: 'Report of Synerise Session Inspector', ...schema }, null, 1)}\n`).toMatchFileSnapshot(
    '../../docs/report.schema.json',
  );
});

it('docs/inspect.schema.json is the schema of what inspect prints', async () => {
  // Fields may be added within a version: a reader must not refuse what it doesn't know.
  const schema = z.toJSONSchema(outputSchema, {
    io: 'input',
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  await expect(`${JSON.stringify({ title: 'Output of inspect --json and --watch', ...schema }, null, 1)}\n`).toMatchFileSnapshot(
    '../../docs/inspect.schema.json',
  );
});

it('each section that a rule names as its source is said where it was found', () => {
  const lists = RULES.flatMap(({ source }) =>
    [...source.matchAll(/facts ((?:§[\d.]+(?: \([^)]*\))?,? ?)+)/gi)].map(([, list = '']) => list),
  );
  const facts = lists.flatMap((list) => [...list.matchAll(/§(\d(?:\.\d)?)/g)].map(([, section = '']) => section));
  expect(facts.length).toBeGreaterThan(RULES.length / 2);
  expect(facts.filter((section) => FOUND[section] === undefined)).toEqual([]);
});

describe('docs/sdk-facts.md', () => {
  const sections = new Set([...readFileSync('docs/sdk-facts.md', 'utf8').matchAll(/^#+ §([\d.]+)/gm)].map(([, number]) => number));
  const texts = ['lib', 'components', 'entrypoints', 'scripts', 'sandbox', 'tests', 'docs'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|m?js|md)$/.test(name))
      .map((name) => [`${folder}/${name}`, readFileSync(`${folder}/${name}`, 'utf8')] as const),
  );

  it('has each section that is cited', () => {
    const cited = texts.flatMap(([file, text]) =>
      [...text.matchAll(/\b(?:facts|notes),? ((?:§[\d.]+(?: \([^)]*\))?(?:, )?)+)/gi)].flatMap(([, list = '']) =>
        [...list.matchAll(/§(\d(?:\.\d)?)/g)].map(([, number]) => [file, number] as const),
      ),
    );
    expect(cited.length).toBeGreaterThan(200);
    expect(cited.filter(([, number]) => !sections.has(number ?? ''))).toEqual([]);
  });

  it('is all that is cited of its kind: nothing names a document that is not in the repository', () => {
    const foreign = /\b(DESI[G]N §|Seeds? 0\d\d|ui-contrac[t]\.md|synerise-fact[s]\.md)/i;
    expect(texts.filter(([, text]) => foreign.test(text)).map(([file]) => file)).toEqual([]);
  });
});

it('every link within the repository leads somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'sandbox/README.md',
    ...readdirSync('docs').map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith('.md'));
  const links = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)|(?:src|srcset)="([^":]+)"/g)].map(
      ([, link, source]) => `${dirname(page)}/${link ?? source}`,
    ),
  );
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

it('README.md is short, and its first command comes early', () => {
  const lines = readFileSync('README.md', 'utf8').split('\n');
  expect(lines.length).toBeLessThanOrEqual(120);
  expect(lines.findIndex((line) => line.startsWith('npm start'))).toBeLessThan(15);
});

it('README.md counts the rules', () => {
  for (const page of ['README.md', 'docs/features.md', 'CHANGELOG.md'])
    expect(readFileSync(page, 'utf8')).toContain(`${RULES.length} rules`);
});

it('docs/command-line.md names every option, and every way to end', () => {
  const page = readFileSync('docs/command-line.md', 'utf8');
  for (const [option] of USAGE.matchAll(/--[a-z-]+/g)) expect(page).toContain(option);
  for (const code of Object.values(EXIT)) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});

it('each situation of real life is told by a rule, or is said why not', () => {
  expect(SITUATIONS).toHaveLength(37);
  const untold = SITUATIONS.flatMap((_, index) => {
    const number = index + 1;
    return RULES.some(({ situations }) => situations?.includes(number)) || NOT_RULES[number] ? [] : [number];
  });
  expect(untold).toEqual([]);
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
