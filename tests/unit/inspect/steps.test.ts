// The steps of a script for `npm run inspect`: how they are read, and the message for each mistake.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATION_NAMES } from '@/lib/sdk/operations';
import type { Verdict } from '@/lib/session/terms';
import { UsageError } from '../../../scripts/inspect/arguments.mjs';
import { readSteps, VERDICTS } from '../../../scripts/inspect/steps.mjs';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-steps-'));
  file = join(folder, 'steps.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ARGUMENTS = ['email', 'password', 'remember', 'age', 'empty', 'none', 'code', 'a', 'attributes'];
const OPERATIONS = Object.fromEntries(OPERATION_NAMES.map((name) => [name, name === 'signOut' ? [] : ARGUMENTS]));
const ENV: NodeJS.ProcessEnv = { PASSWORD: 'hunter2', EMPTY: '' };
const readText = (text: string, env = ENV) => {
  writeFileSync(file, text);
  return readSteps(file, OPERATIONS, env);
};
const read = (...steps: readonly unknown[]) => readText(JSON.stringify(steps));
function mistakeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('this is no mistake');
}
const mistake = (...steps: readonly unknown[]): string => mistakeOf(() => read(...steps));
const run = (more: object = {}) => ({ run: 'signIn', ...more });

describe('a valid script', () => {
  it('is a list, or an object with a list', () => {
    const steps = [{ kind: 'reload' }, { kind: 'goto', path: '/cart' }];
    expect(read({ reload: true }, { goto: '/cart' })).toEqual(steps);
    expect(readText('{"steps":[{"reload":true},{"goto":"/cart"}],"about":"mine"}')).toEqual(steps);
  });

  it('has an operation with only its name', () => {
    expect(read(run())).toEqual([{ kind: 'run', operation: 'signIn', args: {}, anyway: false, expect: ['done'], says: null }]);
    for (const name of OPERATION_NAMES) expect(read({ run: name })).toMatchObject([{ operation: name }]);
  });

  it('has an argument that sets one key of a map', () => {
    expect(read(run({ with: { 'attributes.size': '8' } }))).toMatchObject([{ args: { 'attributes.size': '8' } }]);
  });

  it('has an operation with all its options', () => {
    const args = { email: 'a@example.test', password: { env: 'PASSWORD' }, remember: false, age: 7, empty: '', none: { env: 'EMPTY' } };
    expect(read(run({ with: args, anyway: true, expect: ['refused', 'failed'], says: 'wrong password' }))).toEqual([
      {
        kind: 'run',
        operation: 'signIn',
        args: { email: 'a@example.test', password: 'hunter2', remember: false, age: '7', empty: '', none: '' },
        anyway: true,
        expect: ['refused', 'failed'],
        says: 'wrong password',
      },
    ]);
    expect(read(run({ with: null, says: undefined, expect: 'timed-out' }))).toMatchObject([
      { args: {}, expect: ['timed-out'], says: null },
    ]);
  });

  it('has a state with one value or several', () => {
    expect(read({ state: { identity: 'signed-in' } })).toEqual([{ kind: 'state', identity: ['signed-in'], token: [], uuid: null }]);
    expect(read({ state: { token: ['valid', 'near-expiry'], uuid: 'same' } })).toEqual([
      { kind: 'state', identity: [], token: ['valid', 'near-expiry'], uuid: 'same' },
    ]);
    expect(read({ state: { uuid: 'changed' } })).toMatchObject([{ uuid: 'changed' }]);
  });

  it('accepts every verdict of an operation', () => {
    const verdicts: readonly Verdict[] = ['done', 'refused', 'failed', 'timed-out', 'interrupted', 'unavailable'];
    expect([...VERDICTS].sort()).toEqual([...verdicts].sort());
    for (const verdict of verdicts) expect(read(run({ expect: verdict }))).toMatchObject([{ expect: [verdict] }]);
  });
});

describe('a secret from the environment', () => {
  it('is not shown in a message about another missing variable', () => {
    const words = mistake(run({ with: { password: { env: 'PASSWORD' }, code: { env: 'NOT_SET' } } }));
    expect(words).toMatch(/NOT_SET.*code/);
    expect(words).not.toContain('hunter2');
  });

  it('is taken literally', () => {
    const args = (env: NodeJS.ProcessEnv) => readText(JSON.stringify([run({ with: { a: { env: 'A' } } })]), env)[0];
    expect(args({ A: '{"env":"PASSWORD"}' })).toMatchObject({ args: { a: '{"env":"PASSWORD"}' } });
    expect(args({ A: 'false' })).toMatchObject({ args: { a: 'false' } });
  });

  it('is not looked up on the object prototype', () => {
    expect(mistake(run({ with: { password: { env: 'toString' } } }))).toContain('toString');
  });
});

describe('an invalid script', () => {
  it.each<[unknown, RegExp]>([
    [null, /one of run, state, reload, goto/],
    [7, /one of run, state, reload, goto/],
    ['reload', /one of run, state, reload, goto/],
    [[], /one of run, state, reload, goto/],
    [{}, /one of run, state, reload, goto/],
    [{ click: '#buy' }, /one of run, state, reload, goto/],
    [{ run: 'signIn', reload: true }, /one of run, state, reload, goto/],
    [{ goto: 7 }, /goto must be a path, such as/],
    [{ goto: null }, /goto must be a path/],
    [{ run: 'SignIn' }, /unknown operation "SignIn".*signIn/],
    [{ run: 'toString' }, /unknown operation "toString"/],
    [{ run: null }, /unknown operation/],
    [run({ expect: 'ok' }), /expect must be one of done, refused, failed, timed-out, interrupted, unavailable/],
    [run({ expect: ['done', 'ok'] }), /expect must be one of/],
    [run({ expect: 7 }), /expect must be one of/],
    [run({ says: 7 }), /says must be a string/],
    [run({ says: null }), /says must be a string/],
    [run({ with: { mail: 'a' } }), /signIn has no argument "mail"\. Expected email, password/],
    [run({ with: { 'mail.sms': 'a' } }), /no argument "mail\.sms"/],
    [{ run: 'signOut', with: { mode: 'a' } }, /signOut has no argument "mode"\. It takes none/],
    [run({ with: { email: null } }), /email must be a string, true, false or \{ "env": "NAME" \}/],
    [run({ with: { email: ['a'] } }), /email must be a string/],
    [run({ with: { email: { env: 7 } } }), /email must be a string/],
    [run({ with: { email: { value: 'x' } } }), /email must be a string/],
    [{ state: null }, /state must be an object/],
    [{ state: {} }, /state needs identity, token or uuid/],
    [{ state: 'signed-in' }, /state must be an object/],
    [{ state: { identity: 'known' } }, /identity must be one of anonymous, simple-auth, signed-in/],
    [{ state: { identity: null } }, /identity must be one of/],
    [{ state: { token: 'good' } }, /token must be one of none, valid, near-expiry, expired, opaque/],
    [{ state: { uuid: 'other' } }, /uuid must be one of changed, same/],
  ])('%j', (step, words) => {
    const said = mistake({ reload: true }, step);
    expect(said).toMatch(words);
    // The message names the step and the file.
    expect(said).toMatch(/^Step 2 of .*steps\.json/);
  });

  it.each<[string, string, RegExp]>([
    ['an empty file', '', /Can't read the script/],
    ["a file that isn't JSON", '- run: signIn', /Can't read the script/],
    ['JSON with comments', '[{"reload":true} // again\n]', /Can't read the script/],
    ['an empty list', '[]', /no steps\. Expected a list, or an object with a list "steps"/],
    ['null', 'null', /no steps/],
    ['a string', '"reload"', /no steps/],
    ['an object without steps', '{"step":[]}', /no steps/],
    ["steps that aren't a list", '{"steps":{"0":{"reload":true}}}', /no steps/],
  ])('is rejected: %s', (_what, text, words) => {
    const said = mistakeOf(() => readText(text));
    expect(said).toMatch(words);
    expect(said).toContain('steps.json');
  });

  it('is rejected if the file does not exist or is a folder', () => {
    expect(mistakeOf(() => readSteps(join(folder, 'gone.json'), OPERATIONS, ENV))).toMatch(/Can't read the script .*gone\.json: ENOENT/);
    expect(mistakeOf(() => readSteps(folder, OPERATIONS, ENV))).toMatch(/Can't read the script/);
  });

  it('causes no other kind of error', () => {
    const names = fc.constantFrom('run', 'state', 'reload', 'goto', 'with', 'expect', 'says', 'identity', 'uuid', 'env', '__proto__');
    const { step } = fc.letrec((tie) => ({
      step: fc.dictionary(
        names,
        fc.oneof(fc.constantFrom('signIn', 'done', 'same', 'toString'), fc.jsonValue({ maxDepth: 1 }), tie('step')),
        {
          maxKeys: 4,
        },
      ),
    }));
    fc.assert(
      fc.property(fc.array(fc.oneof(step, fc.jsonValue())), (steps) => {
        try {
          expect(read(...steps)).toHaveLength(steps.length);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
    );
  });

  it.each<[string, unknown]>([
    ['a state without expectations', { state: { identity: [], token: [] } }],
    ['an empty list of expected verdicts', run({ expect: [] })],
    ['an unknown key', run({ expects: 'refused' })],
    ['arguments under a different key', run({ args: { email: 'a@example.test' } })],
    ['a state with a misspelled key', { state: { identity: 'signed-in', tokens: 'valid' } }],
    ['arguments as a string', run({ with: 'abc' })],
    ['arguments as a list', run({ with: ['a'] })],
    ["a value of anyway that isn't a boolean", run({ anyway: 'yes' })],
    ["an address that isn't valid", { goto: 'http://' }],
  ])('is rejected because of %s', (_what, step) => {
    expect(mistake(step)).toMatch(/^Step 1/);
  });
});
