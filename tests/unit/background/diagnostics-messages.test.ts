// The background's handling of two diagnostics messages: muting a rule on a site, and listing the sessions of other tabs.
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { parseViewMessage } from '@/lib/protocol/view-message';
import { NO_SETTINGS, NO_SITE, parseSettings, SETTINGS_KEY, type SiteSettings } from '@/lib/settings/settings';
import { fake } from '../fakes/browser';
import { ORIGIN, page, sample, T0 } from '../fakes/make';
import { begin, flush, restart, tab, type View, view, world } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(begin);

/** The stored settings of a site. */
const siteOf = (origin = ORIGIN): SiteSettings | undefined => parseSettings(fake.local.get(SETTINGS_KEY)).sites[origin];
const mute = async (by: View, rule: string, muted = true) => {
  by.say({ type: 'mute', rule, muted });
  await flush();
};
const incognito = (id: number) => void fake.tabs.set(id, { incognito: true, url: `${ORIGIN}/` });

/** A view of a tab whose customer is known. */
async function looking(id: number, isIncognito = false): Promise<View> {
  tab(id);
  if (isIncognito) incognito(id);
  const made = view(id);
  await flush();
  expect(made.session().stage).toMatchObject({ phase: 'attached', customer: { uuid: `uuid-of-${id}` } });
  return made;
}

describe('mute', () => {
  it('is stored in the settings of the site, and appears in the session', async () => {
    const popup = await looking(7);
    expect(popup.session().policy.muted).toEqual([]);
    await mute(popup, 'token-expired');
    expect(siteOf()).toEqual({ ...NO_SITE, muted: ['token-expired'] });
    expect(popup.session().policy.muted).toEqual(['token-expired']);
    expect(popup.messages.at(-1)).toMatchObject({ type: 'patch', patch: { policy: { muted: ['token-expired'] } } });
    await mute(popup, 'uuid-not-v5');
    expect(popup.session().policy.muted).toEqual(['token-expired', 'uuid-not-v5']);
  });

  it("stores a repeated rule once, and drops the site's entry once the last one is unmuted", async () => {
    const popup = await looking(7);
    await mute(popup, 'token-expired');
    await mute(popup, 'token-expired');
    expect(siteOf()?.muted).toEqual(['token-expired']);
    await mute(popup, 'never-muted', false);
    expect(siteOf()?.muted).toEqual(['token-expired']);
    await mute(popup, 'token-expired', false);
    expect(siteOf()).toBeUndefined();
    expect(popup.session().policy.muted).toEqual([]);
  });

  it('stores every rule when many arrive at once', async () => {
    const popup = await looking(7);
    const rules = Array.from({ length: 60 }, (_, index) => `rule-${index}`);
    for (const rule of rules) popup.say({ type: 'mute', rule, muted: true });
    await flush();
    expect(siteOf()?.muted).toEqual(rules);
    expect(popup.session().policy.muted).toEqual(rules);
  });

  it("keeps the site's other settings, and those of other sites", async () => {
    const other = { ...NO_SITE, muted: ['theirs'] };
    const before = { ...NO_SITE, lead: 90_000, notify: true, places: [{ path: 'app.sdk', dialect: 'web' as const }] };
    fake.local.set(SETTINGS_KEY, { ...NO_SETTINGS, sites: { [ORIGIN]: before, 'https://other.example': other } });
    restart();
    const popup = await looking(7);
    await mute(popup, 'token-expired');
    expect(siteOf()).toEqual({ ...before, muted: ['token-expired'] });
    expect(siteOf('https://other.example')).toEqual(other);
    expect(popup.session()).toMatchObject({ policy: { lead: 90_000, muted: ['token-expired'] } });
  });

  it('applies to every tab of the site, to later sessions and to a restarted worker', async () => {
    const [seven, eight] = [await looking(7), await looking(8)];
    await mute(seven, 'token-expired');
    expect(eight.session().policy.muted).toEqual(['token-expired']);
    const third = await looking(9);
    expect(third.session().policy.muted).toEqual(['token-expired']);
    restart(seven, eight, third);
    const again = view(7);
    await flush();
    expect(again.session().policy.muted).toEqual(['token-expired']);
  });

  it('changes no settings in incognito, though settings made elsewhere apply there', async () => {
    const hidden = await looking(7, true);
    await mute(hidden, 'token-expired');
    expect(fake.local.has(SETTINGS_KEY)).toBe(false);
    expect(hidden.session().policy.muted).toEqual([]);
    const open = await looking(8);
    await mute(open, 'uuid-not-v5');
    expect(hidden.session().policy.muted).toEqual(['uuid-not-v5']);
    await mute(hidden, 'uuid-not-v5', false);
    expect(siteOf()?.muted).toEqual(['uuid-not-v5']);
  });

  it('does nothing if the tab has no site', async () => {
    fake.tabs.set(7, { incognito: false, url: 'about:blank' });
    const popup = view(7);
    await flush();
    await mute(popup, 'token-expired');
    expect(fake.local.has(SETTINGS_KEY)).toBe(false);
  });

  it('changes nothing if storage fails, and works again afterwards', async () => {
    const popup = await looking(7);
    const set = vi.spyOn(
      (globalThis as unknown as { browser: { storage: { local: { set(): Promise<void> } } } }).browser.storage.local,
      'set',
    );
    set.mockRejectedValue(new Error('QUOTA_BYTES quota exceeded'));
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await mute(popup, 'token-expired');
    expect(popup.session().policy.muted).toEqual([]);
    set.mockRestore();
    await mute(popup, 'token-expired');
    expect(popup.session().policy.muted).toEqual(['token-expired']);
  });

  it.each([
    '',
    'Token-Expired',
    'token_expired',
    '-token',
    '1token',
    'token expired',
    'token\nexpired',
    'token-expired\n',
    '__proto__',
    'a'.repeat(61),
    'żółw',
    7,
    null,
    ['token-expired'],
    undefined,
  ])('refuses a message with %j as the rule id', async (rule) => {
    expect(parseViewMessage({ type: 'mute', rule, muted: true })).toBeNull();
    const popup = await looking(7);
    popup.port.receive({ type: 'mute', rule, muted: true });
    await flush();
    expect(fake.local.has(SETTINGS_KEY)).toBe(false);
  });

  it('requires a boolean, and drops extra fields', () => {
    expect(parseViewMessage({ type: 'mute', rule: 'a', muted: 'yes' })).toBeNull();
    expect(parseViewMessage({ type: 'mute', rule: 'a' })).toBeNull();
    expect(parseViewMessage({ type: 'mute', rule: `a${'9'.repeat(59)}`, muted: false, origin: ORIGIN })).toEqual({
      type: 'mute',
      rule: `a${'9'.repeat(59)}`,
      muted: false,
    });
  });

  it('accepts no rule id that the settings would reject', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z-][a-z0-9-]{0,70}\n?$/)), (rule) => {
        if (!parseViewMessage({ type: 'mute', rule, muted: true })) return;
        const stored = { ...NO_SETTINGS, sites: { [ORIGIN]: { ...NO_SITE, muted: [rule] } } };
        expect(parseSettings(JSON.parse(JSON.stringify(stored))).sites[ORIGIN]?.muted).toEqual([rule]);
      }),
    );
  });

  it('of more rules than the settings hold does not drop the earlier ones', async () => {
    const popup = await looking(7);
    for (let index = 0; index <= 200; index += 1) popup.say({ type: 'mute', rule: `rule-${index}`, muted: true });
    await flush();
    expect(popup.session().policy.muted.length).toBeGreaterThan(100);
  });
});

const othersOf = ({ messages }: View) =>
  messages.filter((message): message is Extract<BackgroundMessage, { type: 'others' }> => message.type === 'others');
const ask = async (by: View) => {
  by.say({ type: 'others' });
  await flush();
  return othersOf(by)
    .at(-1)
    ?.sessions.map((session) => session.tab.id);
};

describe('others', () => {
  it('sends the sessions of other tabs only to the view that asked', async () => {
    const [seven, eight, nine] = [await looking(7), await looking(8), await looking(9)];
    expect(await ask(seven)).toEqual([8, 9]);
    expect(othersOf(seven).at(-1)?.sessions[0]).toMatchObject({
      tab: { id: 8 },
      visit: { origin: ORIGIN },
      stage: { phase: 'attached', customer: { uuid: 'uuid-of-8' } },
    });
    expect([othersOf(eight), othersOf(nine)]).toEqual([[], []]);
    world.agents.get(8)?.say(sample('uuid-new'));
    await flush();
    await ask(seven);
    expect(othersOf(seven)[1]?.sessions[0]?.stage).toMatchObject({ customer: { uuid: 'uuid-new' } });
  });

  it('sends an empty list if there are no other sessions', async () => {
    const popup = await looking(7);
    expect(await ask(popup)).toEqual([]);
    expect(parseViewMessage({ type: 'others' })).toEqual({ type: 'others' });
  });

  it('never mixes incognito and regular tabs', async () => {
    const open = [await looking(7), await looking(8)];
    const hidden = [await looking(17, true), await looking(18, true)];
    expect([await ask(open[0] as View), await ask(hidden[0] as View)]).toEqual([[8], [18]]);
    const told = JSON.stringify(open.flatMap(({ messages }) => messages));
    for (const id of [17, 18]) expect(told).not.toContain(`uuid-of-${id}`);
    const toldHidden = JSON.stringify(hidden.flatMap(({ messages }) => messages));
    for (const id of [7, 8]) expect(toldHidden).not.toContain(`uuid-of-${id}`);
  });

  it('omits tabs that never had a customer, and includes a closed tab while it is kept', async () => {
    tab(8, { says: [page([], true)] });
    view(8);
    const [seven] = [await looking(7), await looking(9)];
    expect(await ask(seven)).toEqual([9]);
    fake.tabs.delete(9);
    world.hub.tabRemoved(9);
    await flush();
    expect(await ask(seven)).toEqual([9]);
    expect(othersOf(seven).at(-1)?.sessions[0]).toMatchObject({ tab: { id: 9, closedAt: T0 } });
  });

  it('is answered by a restarted worker', async () => {
    const [seven, eight] = [await looking(7), await looking(8)];
    restart(seven, eight);
    const again = view(7);
    await flush();
    expect(await ask(again)).toEqual([8]);
  });

  it('is not answered for a stranger, or before hello', async () => {
    await looking(8);
    tab(7);
    const early = view(7, { silent: true });
    const stranger = view(7, { url: 'https://evil.example/' });
    expect([await ask(early), await ask(stranger)]).toEqual([undefined, undefined]);
  });
});
