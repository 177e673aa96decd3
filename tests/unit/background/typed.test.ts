import { describe, expect, it } from 'vitest';
import { createTyped } from '@/lib/background/typed';
import type { AgentCommand } from '@/lib/page/wire';
import { ENCODINGS } from '@/lib/redaction/encodings';
import type { Plain } from '@/lib/sdk/plain-data';
import { error, replyOf, sample, settled, T0 } from '../fakes/make';

const PASSWORD = 'hunter2-Łódź!';
const command = (args: Record<string, string>, secrets: readonly string[] = ['password']): AgentCommand => ({
  kind: 'run',
  id: 'op-1',
  document: 'doc-1',
  origin: 'https://shop.example',
  client: 1,
  operation: 'signIn',
  args,
  secrets,
  deadline: 1000,
  notAfter: T0,
});
const answers = (value: Plain) => replyOf('doc-1', 0, T0, [settled('op-1', { value, error: error({ message: JSON.stringify(value) }) })]);

describe('a typed secret that a page repeats', () => {
  it.each(ENCODINGS.map(({ name, write }) => [name, write] as const))('is removed when written as %s', (_name, write) => {
    const typed = createTyped();
    typed.sent(command({ email: 'anna@shop.example', password: PASSWORD }));
    const told = JSON.stringify(typed.without(answers({ said: `a ${write(PASSWORD)} b`, deep: [JSON.stringify({ again: PASSWORD })] })));
    expect(told).not.toContain(write(PASSWORD));
    expect(told).not.toContain(PASSWORD);
    expect(told).toContain('[secret]');
  });

  it('is the only thing removed: other arguments and our own field values stay', () => {
    const typed = createTyped();
    typed.sent(command({ email: 'anna@shop.example', password: 'settled' }));
    const reply = replyOf('doc-1', 0, T0, [settled('op-1', { value: { email: 'anna@shop.example' } }), sample('uuid-1')]);
    expect(typed.without(reply)).toEqual(reply);
  });

  it.each(['error', 'a', 'message', 'value'])("leaves the report's shape intact if the password is %j", (password) => {
    const typed = createTyped();
    typed.sent(command({ password }));
    const reply = replyOf('doc-1', 0, T0, [
      settled('op-1', { how: 'error', error: error({ code: 401, message: 'no', detail: { x: 1 } }) }),
    ]);
    expect(typed.without(reply).reports[0]).toMatchObject({ kind: 'settled', how: 'error', error: { code: 401, message: 'no' } });
  });

  it('is removed for two minutes', () => {
    let now = T0;
    const typed = createTyped(() => now);
    typed.sent(command({ password: PASSWORD }));
    now += 119_999;
    expect(JSON.stringify(typed.without(answers(PASSWORD)))).not.toContain(PASSWORD);
    now += 1;
    expect(typed.without(answers(PASSWORD))).toEqual(answers(PASSWORD));
  });

  it.each<[string, AgentCommand]>([
    ['a command without secrets', command({ email: 'a' }, [])],
    ['an empty secret', command({ password: '' })],
    ['a read command', { kind: 'read' }],
  ])('leaves replies unchanged after %s', (_name, sent) => {
    const typed = createTyped();
    typed.sent(sent);
    const reply = answers({ a: 'b' });
    expect(typed.without(reply)).toBe(reply);
  });
});
