import { describe, expect, it } from 'vitest';
import { PORT_NAME, PROTOCOL_VERSION } from '@/lib/protocol/background-message';
import { parseViewMessage } from '@/lib/protocol/view-message';

describe('parseViewMessage', () => {
  const run = {
    type: 'run',
    id: 'op-1',
    operation: 'signOutWithMode',
    args: { mode: 'SIGN_OUT', fromAllDevices: true },
    anyway: false,
    deadline: 10_000,
  };
  it.each([
    { type: 'hello', view: 'panel', tab: 7, lends: true },
    { type: 'hello', view: 'popup', tab: 0, lends: false },
    { type: 'hello', view: 'options', tab: 7, lends: false },
    { type: 'showing', showing: false },
    { type: 'choose', document: 'doc-1', ref: 2 },
    { type: 'choose', document: 'x'.repeat(100), ref: 0 },
    { type: 'page-answer', n: '1', answer: { frames: [{ frame: null, answer: '{}' }], twins: 0 } },
    run,
    { ...run, deadline: 1000 },
    { ...run, deadline: 120_000 },
    { ...run, args: {} },
    { ...run, operation: 'updateAccount', args: { tags: ['vip'] } },
    { ...run, args: { clientIdentifier: 'x'.repeat(64_000) } },
    { type: 'read', id: 'r' },
    { type: 'survey', id: 's' },
    { type: 'page-answer', n: '1', answer: '{}' },
    { type: 'page-answer', n: '1', answer: { any: 1 } },
    { type: 'page-answer', n: '1', problem: { kind: 'gone', code: 'navigated', message: 'Away.', detail: 'x' } },
    { type: 'page-answer', n: '1' },
  ])('accepts %o', (message) => {
    expect(parseViewMessage(message)).toEqual(message);
  });

  it('drops unknown fields', () => {
    expect(parseViewMessage({ type: 'read', id: 'r', tab: 9 })).toEqual({ type: 'read', id: 'r' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'hello'],
    ['a list', []],
    ['no type', { id: 'x' }],
    ['unknown type', { type: 'eval', id: 'x' }],
    ['type from a prototype', { type: 'constructor' }],
    ['unknown view', { type: 'hello', view: 'page', tab: 7, lends: false }],
    ['tab as text', { type: 'hello', view: 'popup', tab: '7', lends: false }],
    ['fractional tab', { type: 'hello', view: 'popup', tab: 1.5, lends: false }],
    ['tab NaN', { type: 'hello', view: 'popup', tab: Number.NaN, lends: false }],
    ['lends missing', { type: 'hello', view: 'popup', tab: 7 }],
    ['showing as text', { type: 'showing', showing: 'yes' }],
    ['empty id', { ...run, id: '' }],
    ['id too long', { ...run, id: 'x'.repeat(101) }],
    ['unknown operation', { ...run, operation: 'deleteEverything' }],
    ['operation from a prototype', { ...run, operation: 'toString' }],
    ['args missing', { ...run, args: undefined }],
    ['a list of non-strings', { ...run, args: { tags: [5] } }],
    ['args as list', { ...run, args: ['x'] }],
    ['argument as number', { ...run, args: { mode: 5 } }],
    ["argument object that isn't JSON", { ...run, args: { mode: { at: undefined, run: () => 1 } } }],
    [
      'arguments too long together',
      { ...run, args: Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`a${n}`, 'x'.repeat(60_000)])) },
    ],
    ['argument too long', { ...run, args: { clientIdentifier: 'x'.repeat(64_001) } }],
    ['anyway missing', { ...run, anyway: undefined }],
    ['deadline too short', { ...run, deadline: 999 }],
    ['deadline too long', { ...run, deadline: 120_001 }],
    ['infinite deadline', { ...run, deadline: Number.POSITIVE_INFINITY }],
    ['choose without document', { type: 'choose', ref: 1 }],
    ['choose with an empty document', { type: 'choose', document: '', ref: 1 }],
    ['choose with a document too long', { type: 'choose', document: 'x'.repeat(101), ref: 1 }],
    ['choose without ref', { type: 'choose', document: 'doc-1' }],
    ['choose with a fractional ref', { type: 'choose', document: 'doc-1', ref: 1.5 }],
    ['choose with a ref as text', { type: 'choose', document: 'doc-1', ref: '1' }],
    ['read without id', { type: 'read' }],
    ['page-answer without n', { type: 'page-answer', answer: '{}' }],
    ['unknown problem', { type: 'page-answer', n: '1', problem: { kind: 'odd', message: '' } }],
    ['problem without message', { type: 'page-answer', n: '1', problem: { kind: 'gone' } }],
  ])('rejects a message with %s', (_name, message) => {
    expect(parseViewMessage(message)).toBeNull();
  });
});

it('puts the version into the port name', () => {
  expect(PORT_NAME.endsWith(`@${PROTOCOL_VERSION}`)).toBe(true);
});
