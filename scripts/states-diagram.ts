/** Generates the session state diagram in docs/architecture.md from the state table: `npm run docs`. */
import { STATES } from '../lib/session/states';

const BEGIN = '<!-- states: made from lib/session/states.ts by `npm run docs` -->';
const END = '<!-- /states -->';

/** Returns `page` with its diagram regenerated. @throws if the page lacks the marker lines */
export function withStatesDiagram(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no lines ${BEGIN} and ${END}.`);
  const ways = Object.entries(STATES).flatMap(([from, tos]) => Object.entries(tos).map(([to, why]) => `  ${from} --> ${to}: ${why}`));
  const diagram = ['```mermaid', 'stateDiagram-v2', '  [*] --> searching', ...ways, '```'].join('\n');
  return `${before}${BEGIN}\n${diagram}\n${END}${after}`;
}
