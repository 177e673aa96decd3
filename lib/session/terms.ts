/** Terms that describe a session. */
/** How much access the extension has to a page, narrowest first. */
export const ACCESSES = ['none', 'panel', 'visit', 'watched', 'connected'] as const;
export type Access = (typeof ACCESSES)[number];

/** Whether a page is reached without an open panel. */
export const isOpen = (access: Access): boolean => access !== 'none' && access !== 'panel';
/** Whether a page is reached at any time, and recorded from its first line on. */
export const isAlways = (access: Access): boolean => access === 'watched' || access === 'connected';
/** Whether a session's site is an app: a JavaScript engine without a document (`appOrigin`). */
export const isApp = (site: string | null): boolean => site?.startsWith('app:') === true;

export const IDENTITIES = ['anonymous', 'simple-auth', 'signed-in', 'incognito', 'unknown'] as const;
export type Identity = (typeof IDENTITIES)[number];

export const VERDICTS = ['done', 'refused', 'failed', 'timed-out', 'interrupted', 'unavailable'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Who requested an operation: a person; the alarm, on a site with auto-refresh; or a previous operation that changed the
 * account, which is then read again.
 */
export const RUN_BY = ['person', 'alarm', 'follow-up'] as const;
export type RunBy = (typeof RUN_BY)[number];
