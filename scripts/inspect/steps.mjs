// Reads a script's steps from a file and validates them before anything is opened. Format: `docs/command-line.md`.
import { readFileSync } from 'node:fs';
import { UsageError } from './arguments.mjs';

export const VERDICTS = ['done', 'refused', 'failed', 'timed-out', 'interrupted', 'unavailable'];
export const IDENTITIES = /** @type {const} */ (['anonymous', 'simple-auth', 'signed-in', 'incognito', 'unknown']);
export const TOKENS = /** @type {const} */ (['none', 'valid', 'near-expiry', 'expired', 'opaque']);
export const UUIDS = /** @type {const} */ (['changed', 'same']);

/**
 * @typedef {{ kind: 'run', operation: string, args: Record<string, string | boolean>, anyway: boolean, expect: readonly string[], says: string | null }} RunStep
 * @typedef {{ kind: 'state', identity: readonly string[], token: readonly string[], uuid: string | null }} StateStep
 * @typedef {RunStep | StateStep | { kind: 'reload' } | { kind: 'goto', path: string }} Step
 */

/** @typedef {Readonly<Record<string, readonly string[]>>} Operations the argument names of each known operation */

/**
 * @param {string} file @param {Operations} operations
 * @param {NodeJS.ProcessEnv} env may hold secrets, so that the file need not
 * @returns {readonly Step[]}
 */
export function readSteps(file, operations, env) {
  let read;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`Can't read the script ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const steps = Array.isArray(read) ? read : read?.steps;
  if (!Array.isArray(steps) || !steps.length)
    throw new UsageError(`The script ${file} has no steps. Expected a list, or an object with a list "steps".`);
  return steps.map((step, at) => stepOf(step, `Step ${at + 1} of ${file}`, operations, env));
}

/** @type {Readonly<Record<string, readonly string[]>>} */
const KEYS = { run: ['run', 'with', 'expect', 'says', 'anyway'], state: ['state'], reload: ['reload'], goto: ['goto'] };

/** Rejects unknown keys instead of ignoring them. @param {unknown} given @param {readonly string[]} known @param {string} where */
function only(given, known, where) {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new UsageError(`${where} must be an object.`);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new UsageError(`${where} has unknown key "${unknown}". Expected ${known.join(', ')}.`);
}

/** @param {any} step @param {string} where @param {Operations} operations @param {NodeJS.ProcessEnv} env @returns {Step} */
function stepOf(step, where, operations, env) {
  const kinds = ['run', 'state', 'reload', 'goto'].filter((kind) => step !== null && typeof step === 'object' && kind in step);
  if (kinds.length !== 1) throw new UsageError(`${where} must have exactly one of run, state, reload, goto.`);
  const [kind = ''] = kinds;
  only(step, KEYS[kind] ?? [], where);
  if (kind === 'reload') {
    if (step.reload !== true) throw new UsageError(`${where}: reload must be true.`);
    return { kind: 'reload' };
  }
  if (kind === 'goto') {
    if (typeof step.goto !== 'string' || !URL.canParse(step.goto, 'https://shop.example'))
      throw new UsageError(`${where}: goto must be a path, such as "/cart", or a URL.`);
    return { kind: 'goto', path: step.goto };
  }
  if (kind === 'state') {
    only(step.state, ['identity', 'token', 'uuid'], `${where}: state`);
    const { identity, token, uuid = null } = step.state;
    if (identity === undefined && token === undefined && uuid === null)
      throw new UsageError(`${where}: state needs identity, token or uuid.`);
    if (uuid !== null && !UUIDS.includes(uuid)) throw new UsageError(`${where}: uuid must be one of ${UUIDS.join(', ')}.`);
    return {
      kind: 'state',
      identity: some(identity, IDENTITIES, `${where}: identity`),
      token: some(token, TOKENS, `${where}: token`),
      uuid,
    };
  }
  const known = Object.hasOwn(operations, step.run) ? operations[step.run] : undefined;
  if (!known) throw new UsageError(`${where}: unknown operation "${step.run}". Expected one of ${Object.keys(operations).join(', ')}.`);
  if (step.says !== undefined && typeof step.says !== 'string')
    throw new UsageError(`${where}: says must be a string that the result contains.`);
  if (step.anyway !== undefined && typeof step.anyway !== 'boolean') throw new UsageError(`${where}: anyway must be true or false.`);
  return {
    kind: 'run',
    operation: step.run,
    args: argumentsOf(step.with ?? {}, `${where}: ${step.run}`, known, env),
    anyway: step.anyway === true,
    expect: some(step.expect ?? 'done', VERDICTS, `${where}: expect`),
    says: step.says ?? null,
  };
}

/** @param {unknown} given @param {readonly string[]} known @param {string} where @returns {readonly string[]} */
function some(given, known, where) {
  if (Array.isArray(given) && !given.length) throw new UsageError(`${where} is an empty list. Expected ${known.join(', ')}.`);
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const wrong = list.find((one) => !known.includes(one));
  if (wrong !== undefined) throw new UsageError(`${where} must be one of ${known.join(', ')}, or a list of them.`);
  return list;
}

/** @param {any} given @param {string} where @param {readonly string[]} known @param {NodeJS.ProcessEnv} env */
function argumentsOf(given, where, known, env) {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError(`${where}: with must be an object of arguments by name.`);
  // A dot names one key of a map, or one of the agreements: `attributes.size`.
  const unknown = Object.keys(given).find((name) => !known.includes(name.split('.')[0] ?? ''));
  if (unknown !== undefined)
    throw new UsageError(`${where} has no argument "${unknown}". ${known.length ? `Expected ${known.join(', ')}` : 'It takes none'}.`);
  /** @type {Record<string, string | boolean>} */
  const args = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string' || typeof value === 'boolean') args[name] = value;
    else if (typeof value === 'number') args[name] = String(value);
    else if (typeof value?.env === 'string') {
      const held = Object.hasOwn(env, value.env) ? env[value.env] : undefined;
      if (held === undefined) throw new UsageError(`${where}: environment variable ${value.env} (for ${name}) isn't set.`);
      args[name] = held;
    } else throw new UsageError(`${where}: ${name} must be a string, true, false or { "env": "NAME" }.`);
  }
  return args;
}
