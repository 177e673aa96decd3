import { describe, expect, it } from 'vitest';
import { patched, patchOf } from '@/lib/protocol/patch';
import { newSession, withPart } from '@/lib/session/session';
import { T0 } from '../fakes/make';

const session = newSession(7, false, T0);
const absent = { phase: 'absent', candidate: null } as const;

describe('a patch', () => {
  it('is null if nothing changed, even if a part was recreated', () => {
    expect(patchOf(session, session)).toBeNull();
    expect(patchOf(session, withPart(session, 'page', { cursor: session.page.cursor }))).toBeNull();
    expect(patchOf(session, structuredClone(session))).toBeNull();
  });

  it('has the changed fields of each part, and the whole stage', () => {
    const next = { ...withPart(session, 'page', { cursor: 4 }), stage: absent };
    expect(patchOf(session, next)).toEqual({ page: { cursor: 4 }, stage: absent });
  });

  it('reports a field that became null', () => {
    expect(patchOf(withPart(session, 'tab', { alarmAt: 5 }), session)).toEqual({ tab: { alarmAt: null } });
  });

  it('restores the session that it was made from', () => {
    const next = { ...withPart(withPart(session, 'visit', { origin: 'https://shop.example' }), 'runs', { ended: [] }), stage: absent };
    expect(patched(session, patchOf(session, next) ?? {})).toEqual(next);
  });
});
