// The same for sessions built from reports: from the page's own reports to the findings.
import { describe, expect, it } from 'vitest';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { capturedOf } from '@/lib/network/requests';
import type { WireToken } from '@/lib/page/wire';
import type { ChangeName } from '@/lib/sdk/changes';
import { client, type Draft, jwt, loadedPage, MINUTE, sample, T0, tokenReport, wireToken } from '../fakes/make';
import { type Story, story } from '../fakes/story';
import { record } from '../network/make';
import { caseOfStory, OTHER_UUID, SECOND, UUID } from './make';
import { found } from './tables';

type Phase = Extract<Draft, { kind: 'call' }>['phase'];
const call = (number: number, does: ChangeName, phase: Phase): Draft => ({ kind: 'call', client: 1, call: number, does, told: {}, phase });
const theirs: Partial<WireToken> = { origin: 'SYNERISE', realm: 'client' };
const token = (name: string, over: Partial<WireToken> = {}) =>
  tokenReport(wireToken(T0 + 600 * MINUTE, { raw: jwt({ sub: name }), ...over }));

const WEB = client({ dialect: 'web', place: 'SR' });
const shown = (identityHash = ''): Draft => sample(UUID, { signedIn: null, simpleAuth: null, facts: { identityHash } });
const JWT = token('site', { origin: null, realm: null, clientId: null });
const NONE = tokenReport(null, { none: true });

function native(): Story {
  const made = story();
  made.says(T0, [loadedPage(), sample(UUID), token('first')]);
  return made;
}

describe("a page's reports", () => {
  it('two quick refreshes, the first of which is canceled, are noticed', () => {
    const told = native();
    told.says(T0 + SECOND, [call(1, 'refreshToken', 'called')]);
    told.says(T0 + SECOND + 100, [call(2, 'refreshToken', 'called')]);
    told.says(T0 + SECOND + 500, [call(2, 'refreshToken', 'succeeded')]);
    told.says(T0 + 11 * SECOND, [call(1, 'refreshToken', 'unanswered')]);
    expect(found('refresh-called-twice', caseOfStory(told, T0 + 12 * SECOND))).not.toBeNull();
  });

  it('a sign-in that took twelve seconds is not reported as unanswered', () => {
    const told = native();
    told.says(T0 + SECOND, [call(1, 'signIn', 'called')]);
    told.says(T0 + 11 * SECOND, [call(1, 'signIn', 'unanswered')]);
    told.says(T0 + 13 * SECOND, [call(1, 'signIn', 'succeeded'), sample(UUID, { signedIn: true }), token('second', theirs)]);
    const evidence = found('sign-in-slow', caseOfStory(told, T0 + MINUTE))?.evidence.join(' ') ?? '';
    expect(evidence).not.toContain('hasn’t returned');
  });

  it('a conditional sign-in that changed the UUID and signed nobody in is noticed', () => {
    const told = native();
    told.says(T0 + SECOND, [call(1, 'signInConditionally', 'called')]);
    told.says(T0 + 2 * SECOND, [call(1, 'signInConditionally', 'succeeded'), sample(OTHER_UUID), token('second')]);
    expect(found('conditional-sign-in-changed-uuid', caseOfStory(told, T0 + MINUTE))).not.toBeNull();
  });

  it('a sign-out while the page was not observed is not reported as unexpected', () => {
    const told = story();
    told.says(T0, [loadedPage(), sample(UUID, { signedIn: true }), token('first', theirs)]);
    told.tell({ at: T0 + MINUTE, type: 'observed', observed: false });
    told.says(T0 + 11 * MINUTE, [sample(UUID), token('second')]);
    expect(found('signed-out-unexpectedly', caseOfStory(told, T0 + 12 * MINUTE))).toBeNull();
  });

  it('a site that sets its JWT only on some pages does not count as a sign-out', () => {
    const told = story();
    told.says(T0, [loadedPage({ clients: [WEB], entered: '/account' }), shown(), JWT]);
    told.says(T0 + MINUTE, [loadedPage({ clients: [WEB], entered: '/sale' }), shown(), NONE], 'doc-2');
    expect(found('signed-out-unexpectedly', caseOfStory(told, T0 + 2 * MINUTE))).toBeNull();
  });

  it('a page load of a signed-in Web SDK customer does not count as a sign-out and sign-in', () => {
    const told = story();
    told.says(T0, [loadedPage({ clients: [WEB], entered: '/a' }), shown(), JWT]);
    const before = told.effects.length;
    told.says(T0 + MINUTE, [loadedPage({ clients: [WEB], entered: '/b' }), shown(), JWT], 'doc-2');
    const kinds = told.effects.slice(before).flatMap((effect) => (effect.type === 'note' ? [effect.entry.kind] : []));
    expect(kinds).toEqual(['document']);
  });

  it('a third-party pixel with a parameter uuid does not count as a request of the SDK', () => {
    const told = native();
    const seen = capturedOf(record({ at: T0 + SECOND, method: 'GET', url: `https://pixel.example/collect?uuid=${OTHER_UUID}` }));
    told.tell({ at: T0 + 2 * SECOND, type: 'requests', requests: seen ? [seen] : [] });
    expect(found('request-names-another-uuid', caseOfStory(told, T0 + MINUTE))).toBeNull();
  });

  it('an object that was turned into text in place of a token is noticed', () => {
    const told = native();
    const seen = capturedOf(
      record({ at: T0 + SECOND, url: 'https://api.synerise.com/v4/events/custom', headers: [['Authorization', 'Bearer [object Object]']] }),
    );
    told.tell({ at: T0 + 2 * SECOND, type: 'requests', requests: seen ? [seen] : [] });
    expect(found('bearer-is-no-token', caseOfStory(told, T0 + MINUTE))).not.toBeNull();
  });

  it('nothing is reported for a page that was left for an unreachable one', () => {
    const told = story();
    const twice = [client(), client({ ref: 2, place: 'bundle.Synerise.Client' })];
    told.says(T0, [loadedPage({ clients: twice }), sample(UUID), token('first')]);
    told.tell({ at: T0 + SECOND, type: 'lost', problem: { kind: 'access', message: 'The browser forbids it.' } });
    expect(diagnose(RULES, caseOfStory(told, T0 + MINUTE)).findings).toEqual([]);
  });

  it('nothing is reported for a customer who signed in and out normally', () => {
    const told = native();
    told.says(T0 + SECOND, [call(1, 'signIn', 'called')]);
    told.says(T0 + 2 * SECOND, [call(1, 'signIn', 'succeeded'), sample(UUID, { signedIn: true }), token('second', theirs)]);
    told.says(T0 + MINUTE, [call(2, 'signOut', 'called'), call(2, 'signOut', 'returned'), sample(UUID), token('third')]);
    for (const rule of ['signed-out-unexpectedly', 'sign-in-slow', 'bearer-after-sign-out', 'same-uuid-for-another-customer'])
      expect(found(rule, caseOfStory(told, T0 + 2 * MINUTE)), rule).toBeNull();
  });
});
