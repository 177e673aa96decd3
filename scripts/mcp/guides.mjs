// What an agent may read besides the tools' answers: guides through the tools (prompts), and the docs (resources).

/** @typedef {{ name: string, about: string, text: (url: string) => string }} Guide */

/** @type {readonly Guide[]} */
export const GUIDES = [
  {
    name: 'why-did-the-uuid-change',
    about: "Why did this customer's UUID change?",
    text: (url) =>
      `Find out why the customer's UUID changed on ${url}. Call open with it, then history with kinds ["uuid"]: each entry names its cause and the evidence. If the cause is a call, history with kinds ["call"] shows who called; if it is a cookie or another tab, say so. Then diagnose, and name the rule that explains it with its fix.`,
  },
  {
    name: 'is-this-integration-right',
    about: "Is this page's Synerise integration right?",
    text: (url) =>
      `Check the Synerise integration of ${url}. Call open, then diagnose. Explain each issue with its evidence and its fix, the most severe first; then requests with onlyProblems. Change nothing on the page without asking.`,
  },
  {
    name: 'why-does-the-token-fail',
    about: 'Why is the token rejected, missing or expired?',
    text: (url) =>
      `Find out what is wrong with the token on ${url}. Call open: it names the token's origin and expiry, and the most severe issue. Then history with kinds ["token"] and requests with onlyProblems; if neither explains it, ask the user whether you may run refreshToken, and read its outcome. Name the cause and the fix.`,
  },
];

/** @typedef {{ name: string, title: string, about: string, file: string }} Doc `file` is relative to the repository. */

/** @type {readonly Doc[]} */
export const DOCS = [
  {
    name: 'operations',
    title: 'Operations',
    about: 'Every operation on every SDK: methods, arguments, what it needs and loses',
    file: 'docs/dialects.md',
  },
  { name: 'rules', title: 'Rules', about: 'Every rule of diagnose: what it looks at, its fix and its source', file: 'docs/diagnostics.md' },
  {
    name: 'facts',
    title: 'Facts about the SDKs',
    about: 'How the SDKs, their tokens, cookies and endpoints really behave, with sources',
    file: 'docs/sdk-facts.md',
  },
  { name: 'apps', title: 'Apps', about: 'How to reach phones, apps and a running browser over a debugging port', file: 'docs/apps.md' },
];

/** @param {Doc} doc */
export const uriOf = ({ name }) => `synerise-inspector://docs/${name}`;
