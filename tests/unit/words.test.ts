// The words of the tables: short enough for where they are shown, and free of phrasing that reads as translated.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SECRET_WORDS, WAY_WORDS } from '@/components/report/report-words';
import { RULES } from '@/lib/diagnostics/rules';
import { CONDITIONS, ERROR_HINTS } from '@/lib/forms/error-hints';
import { explainClaims } from '@/lib/jwt/claims';
import { PURPOSES } from '@/lib/network/purposes';
import { TABLES } from '@/lib/sdk/dialects';
import type { Argument, Operation } from '@/lib/sdk/operation';
import { OPERATIONS } from '@/lib/sdk/operations';
import { SDK_STATE_WORDS } from '@/lib/session/setup-words';
import { COOKIE_WORDS } from '@/lib/web/cookies';

type Words = readonly (readonly [where: string, words: string])[];

/** Maximum lengths (characters). */
const LIMITS = { label: 24, tooltip: 90, empty: 120, title: 40, evidence: 80, advice: 160 } as const;

/** Words that may be longer, with the reason. */
const LONGER: Readonly<Record<string, string>> = {
  'authenticateConditionally label': 'the method’s name, which developers look for',
};

const operations = Object.entries(OPERATIONS) as [string, Operation][];
const args: readonly (readonly [where: string, arg: Partial<Argument>])[] = [
  ...operations.flatMap(([name, operation]) => operation.args.map((arg) => [`${name} ${arg.name}`, arg] as const)),
  ...TABLES.flatMap((table) =>
    Object.entries(table.bindings).flatMap(([name, binding]): [string, Partial<Argument>][] => {
      const where = `${table.name} ${name}`;
      if (binding.kind === 'native') return Object.entries(binding.asks ?? {}).map(([arg, over]) => [`${where} ${arg}`, over]);
      return binding.kind === 'emulated' ? (binding.asks ?? []).map((arg) => [`${where} ${arg.name}`, arg]) : [];
    }),
  ),
];
const given = (rows: readonly (readonly [string, string | undefined])[]): Words =>
  rows.flatMap(([where, words]) => (words === undefined ? [] : [[where, words] as const]));
/** The strings in the code of rules besides their fields, with the values cut out. */
const evidence: Words = RULES.flatMap(({ id }) => {
  const code = readFileSync(`lib/diagnostics/rules/${id}.ts`, 'utf8')
    .replace(/^import .*|^ *(?:\/\*\*|\*|\/\/).*/gm, '')
    .replace(/\n {2}(?:title|looksAt|advice|source):\s*(['"`])(?:\\.|(?!\1)[^\\])*\1/g, '');
  return [...code.matchAll(/(['"`])((?:\$\{(?:[^{}`]|`[^`]*`)*\}|\\.|(?!\1)[^\\\n])*)\1/g)]
    .map(([, , text = '']) => text.replace(/\$\{(?:[^{}`]|`[^`]*`)*\}/g, ''))
    .filter((text) => / \w/.test(text))
    .map((text) => [id, text] as const);
});
const reasons: Words = [
  ...[...readFileSync('lib/session/availability.ts', 'utf8').matchAll(/(?:no\(|return )\s*(['"`])((?:(?!\1).)+ (?:(?!\1).)+)\1/g)].map(
    ([, , text = '']) => ['availability', text.replace(/\$\{[^}]*\}/g, '')] as const,
  ),
  ...TABLES.flatMap((table) =>
    Object.entries(table.bindings).flatMap(([name, binding]) =>
      binding.kind === 'unavailable' ? [[`${table.name} ${name}`, binding.reason] as const] : [],
    ),
  ),
];
const about: Words = TABLES.flatMap((table) =>
  Object.entries(table.bindings).flatMap(([name, binding]) =>
    binding.kind === 'emulated' ? [[`${table.name} ${name}`, binding.about] as const] : [],
  ),
);

const TEXTS: Readonly<Record<string, { readonly limit: number; readonly words: Words }>> = {
  'titles of rules': { limit: LIMITS.title, words: RULES.map(({ id, title }) => [id, title]) },
  'advice of rules': { limit: LIMITS.advice, words: RULES.map(({ id, advice }) => [id, advice]) },
  'evidence of rules': { limit: LIMITS.evidence, words: evidence },
  'labels of operations': { limit: LIMITS.label, words: operations.map(([name, { label }]) => [`${name} label`, label]) },
  'tooltips of operations': { limit: LIMITS.tooltip, words: operations.map(([name, one]) => [`${name} about`, one.about]) },
  'notes of operations': { limit: LIMITS.empty, words: given(operations.map(([name, one]) => [`${name} note`, one.note])) },
  'next steps of operations': {
    limit: LIMITS.tooltip,
    words: operations.flatMap(([name, { account }]) => (account?.leadsTo ?? []).map((next) => [`${name} next`, next.about] as const)),
  },
  'labels of arguments': { limit: LIMITS.label, words: given(args.map(([where, { label }]) => [where, label])) },
  'hints of arguments': { limit: LIMITS.tooltip, words: given(args.map(([where, { hint }]) => [where, hint])) },
  'reasons why an operation is unavailable': { limit: LIMITS.tooltip, words: reasons },
  'what emulated operations do': { limit: LIMITS.advice, words: about },
  'hints on errors': { limit: LIMITS.empty, words: ERROR_HINTS.map(({ text }) => [text, text]) },
  'sources of the hints': { limit: LIMITS.tooltip, words: ERROR_HINTS.map(({ source }) => [source, source]) },
  'conditions of a sign-in': { limit: LIMITS.tooltip, words: Object.entries(CONDITIONS) },
  'purposes of requests': { limit: LIMITS.label, words: PURPOSES.map(({ name, label }) => [name, label]) },
  'states of an SDK': { limit: LIMITS.label, words: Object.entries(SDK_STATE_WORDS) },
  cookies: { limit: LIMITS.tooltip, words: Object.entries(COOKIE_WORDS) },
  claims: {
    limit: LIMITS.advice,
    words: explainClaims(
      Object.fromEntries(
        'iss sub aud exp nbf iat jti ctd rlm origin uuid clientId customId email bpi sessionId apk apkHash auth nme'
          .split(' ')
          .map((name) => [name, 1_800_000_000]),
      ),
    ).map(({ name, about: meaning }) => [name, meaning ?? '']),
  },
  'kinds of secrets': { limit: LIMITS.tooltip, words: Object.entries(SECRET_WORDS).map(([kind, { about: words }]) => [kind, words]) },
  'ways with secrets': { limit: LIMITS.label, words: Object.entries(WAY_WORDS) },
};

describe.each(Object.entries(TEXTS))('%s', (_of, { limit, words }) => {
  it(`have at most ${limit} characters`, () => {
    expect(words.length).toBeGreaterThan(2);
    expect(
      words.filter(([where, text]) => text.length > limit && !LONGER[where]).map(([where, text]) => `${where} (${text.length})`),
    ).toEqual([]);
  });

  it('are plain US English', () => {
    expect(words.flatMap(([where, text]) => HABITS.filter((habit) => habit.test(text)).map((habit) => `${where}: ${habit}`))).toEqual([]);
  });
});

/** Phrasing that doesn't belong in the product. */
const HABITS: readonly RegExp[] = [
  // British spelling.
  /\b(?:un)?(?:initial|recogn|author|organ|real|normal|pseudonym|personal|synchron|anonym|sanit|serial|optim|final)is(?:e|ed|es|ing|ation)\b/i,
  /\b(?:cancell(?:ed|ing)|behaviour|colour|licence|favour|centre|whilst)\b/i,
  // Words that have a US or a shorter form.
  /\b(?:e-mail|anew|logout|logged in|log in|custom id|client id|back end)\b/,
  // Literal translations.
  /\bis no (?!longer|more)/i,
  /\b(?:mended|for ever|in vain|by itself|of its own|stands at|vendor)\b/i,
  // Personification.
  /\bsays\b|\btold\b|\btells\b|\basked\b|\bgives the\b|\bholds\b|\bknows\b/i,
  // A token expires.
  /\b(?:ended|has ended|ran out|run out)\b/i,
  // Papers that aren't public.
  /\bseed 0\d\d\b|§/i,
  // Two kinds of apostrophes.
  /\w'\w/,
];

it('no exception is left over', () => {
  const texts = Object.values(TEXTS).flatMap(({ limit, words }) => words.map(([where, text]) => [where, text.length > limit] as const));
  expect(Object.keys(LONGER).filter((where) => !texts.some(([one, isLong]) => one === where && isLong))).toEqual([]);
});
