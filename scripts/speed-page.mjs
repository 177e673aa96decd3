// Generates docs/speed.md, what the inspector takes and costs; a whole run of the bench writes it.
import { cells } from './bench-report.mjs';

/**
 * Where the time of a subject goes, as profiles of it showed. A new profile that shows something else replaces it.
 * @type {Readonly<Record<string, string>>}
 */
const ABOUT = {
  watched: `Empty scripts show what a script in the page's world and one in the extension's cost in the browser itself: a third of the heap that watching adds. While a page loads, the agent looks for an SDK whenever a script tag appears or ends and whenever a global is read where one may stand: 19 looks in the sandbox's shop, 10 of the 24 ms that its scripts take there (with a profiler attached). Fewer looks would take less, but then a page could use its SDK before the SDK's methods are observed. A call that repeats the last answer is counted without a stack trace or a copy of its arguments.`,
  popup: `The blank popup shows one line. The last two rows compare with the smallest popup that shows what its background reads in the page: the time beyond that is the inspector's own. The popup's first script runs 50 ms after its document began (90 if the modules are requested before it) and wakes the background, which reads the page while the modules load: it has the answer after 130 to 150 ms, and all that is shown at once has loaded after 130 to 160. Nearly half of its 29 KB is Preact, its signals and the style sheets. If the worker was killed, the browser first starts it again: it runs 210 KB of script and reads the sessions from storage.`,
  panel: `The reference is when the panel itself first paints something. What the Session tab needs is loaded at once but not waited for: the bar above it shows the UUID first.`,
  change: `The measurement ends two frames after the text has changed, which takes up to 33 ms. With the panel alone, the page is polled through DevTools: 8 ms after an action, then at intervals that grow to 32 ms, and every 100 ms once nothing has happened for 2 s. Polling faster would use more CPU: the panel takes 22 % of a core in those 2 s, and 6 % afterwards. On a watched site nothing is polled. The least inspector (tests/bench/least.mjs), measured next in a browser of its own, goes the same ways through the browser, stores what it learns and draws the UUID alone; by the panel alone it asks every 8 ms. Beyond that, a trace shows 3 to 4 ms of CPU in the background and 6 ms in the panel; but on two cores, which the page, its request, DevTools and the views share at that moment, each takes two to four times as long.`,
  operations: `The measurement ends two frames after the result is shown, which takes up to 33 ms. An action shows as running once it has run for 100 ms: to draw that at once took 15 ms before anything reached the page. The rest is two writes of the session (1 to 2 ms each), which end before anything is sent, so that a killed worker loses nothing, and one call into the page through DevTools (5 to 14 ms), or two for an action that takes time. The least inspector (tests/bench/least.mjs) makes the same writes and calls.`,
  firefox: `The reference is a page of the extension that shows one line.`,
  timeline: `The bare page keeps the entries without drawing them. The heap holds each entry once, its words for the filter (2.5 MB), and the positions of the rows.`,
};

/**
 * @param {readonly import('./bench-report.mjs').Result[]} results of a whole run
 * @param {{ readonly cpu: string, readonly cpus: number }} machine @param {number} runs @param {Date} at
 * @returns {string}
 */
export function speedPage(results, { cpu, cpus }, runs, at) {
  const line = (/** @type {readonly string[]} */ columns) => `| ${columns.join(' | ')} |`;
  const part = (/** @type {import('./bench-report.mjs').Result} */ { subject, title, rows }) =>
    [
      `## ${title}`,
      '',
      line(['', 'measured', '95 % within', 'reference', 'ratio', 'the reference']),
      '|---|---:|---:|---:|---:|---|',
      ...rows.map((row) => {
        const { name, value, p95, reference, ratio, against } = cells(row);
        return line([name, value, p95, reference, ratio, against]);
      }),
      ...(ABOUT[subject] ? ['', ABOUT[subject]] : []),
    ].join('\n');
  return `# Speed

Written by \`npm run bench\`, on ${at.toISOString().slice(0, 10)}: ${runs} runs on ${cpus} cores (${cpu}). Medians [quartiles]. Each row stands against a reference that was measured beside it in the same run, because a machine's speed changes from hour to hour. \`npm run bench -- --compare FILE\` shows a run beside one kept with \`--json\`, and marks what got worse. Sizes are in [size.md](size.md).

${results
  .filter(({ subject }) => subject !== 'sizes')
  .map(part)
  .join('\n\n')}
`;
}
