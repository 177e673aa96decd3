/** The words that a session is told in. */
/** How far the extension reaches a page, narrowest first. */
export type Access = 'none' | 'panel' | 'visit' | 'watched';

export type Identity = 'anonymous' | 'simple-auth' | 'signed-in' | 'incognito' | 'unknown';

export type Verdict = 'done' | 'refused' | 'failed' | 'timed-out' | 'interrupted' | 'unavailable';

/** Who asked for an operation: a person; the alarm of a session whose site has its token refreshed; or an operation that changed the account, which is then read again. */
export type RunBy = 'person' | 'alarm' | 'follow-up';
