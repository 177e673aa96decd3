/** Writes what each tool costs an agent into docs/agents.md, from the kept answers: `npm run docs`. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = 'tests/browser/answers';
const MARKS = ['<!-- costs -->\n', '<!-- /costs -->'] as const;

/** The answers of one situation, by tool, as `agent-answers.spec.ts` writes them. */
export function answersIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^# (\w+)\n\n/m).slice(1);
  return new Map(parts.flatMap((part, at) => (at % 2 === 0 ? [[part, (parts[at + 1] ?? '').trimEnd()] as const] : [])));
}

function costsTable(): string {
  const situations = readdirSync(FOLDER)
    .sort()
    .map((file) => [file.replace(/\.md$/, '').replaceAll('-', ' '), answersIn(readFileSync(`${FOLDER}/${file}`, 'utf8'))] as const);
  const tools = [...new Set(situations.flatMap(([, answers]) => [...answers.keys()]))];
  const rows = situations.map(([name, answers]) => `| ${[name, ...tools.map((tool) => answers.get(tool)?.length ?? '')].join(' | ')} |`);
  return [`| situation | ${tools.map((tool) => `\`${tool}\``).join(' | ')} |`, `|---|${'--:|'.repeat(tools.length)}`, ...rows, ''].join(
    '\n',
  );
}

/** The page with the current table between its marks. */
export function withCosts(page: string): string {
  const [from, to] = [page.indexOf(MARKS[0]) + MARKS[0].length, page.indexOf(MARKS[1])];
  return page.slice(0, from) + costsTable() + page.slice(to);
}
