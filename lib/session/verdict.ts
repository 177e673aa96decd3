import type { Activity, Moment, OutcomeNote } from './run';
import type { Verdict } from './terms';

/** Pauses between the readings that look for an expected change (ms): 3 s in total. */
export const READING_PAUSES = [200, 500, 900, 1400];
const ALL_PAUSES = READING_PAUSES.reduce((sum, pause) => sum + pause, 0);
/** How long a clear verdict waits for a new reading of the token, so that both are shown together (ms). */
const TOKEN_PATIENCE = 1000;

export interface Judgement {
  readonly verdict: Verdict;
  readonly note: OutcomeNote | null;
}

/** The verdict on an answered operation at `now` (epoch ms); `null` while it is not clear yet. */
export function judge(
  { run, answer, settledAt, tokenRead }: Extract<Activity, { kind: 'checking' }>,
  after: Moment,
  now: number,
): Judgement | null {
  const { before, expects } = run;
  if (answer.how === 'missing') return { verdict: 'unavailable', note: 'no-method' };
  const readEnough = tokenRead || now >= settledAt + TOKEN_PATIENCE;
  if (answer.how === 'deadline') return readEnough ? { verdict: 'timed-out', note: 'no-callback' } : null;
  if (answer.how !== 'success') return readEnough ? { verdict: 'failed', note: null } : null;
  if (expects === 'answer' || expects === 'nothing') return { verdict: 'done', note: null };
  // Wait for the token, so that a customer it signed in is shown together with the verdict.
  if (expects === 'conditions') return readEnough ? { verdict: 'done', note: null } : null;
  const signsIn = expects === 'signed-in' || expects === 'simple-auth';
  const tokenChanged = after.token?.fingerprint !== before.token?.fingerprint;
  if (readEnough) {
    if (run.aim !== null && (run.aim === after.uuid || run.aim === after.token?.fingerprint))
      return { verdict: 'done', note: expects === 'new-uuid' && after.uuid === before.uuid ? 'same-uuid' : null };
    if (expects === 'no-token' && after.token === null) return { verdict: 'done', note: null };
    if (expects === 'new-uuid' && after.uuid !== null && after.uuid !== before.uuid) return { verdict: 'done', note: null };
    // For a signed-in customer the UUID stays because the SDK refuses, whatever the seed.
    const ran = run.seed !== null && after.identity !== 'signed-in' && (run.sameSeed || tokenChanged);
    if (expects === 'new-uuid' && ran) return { verdict: 'done', note: 'same-uuid' };
    if (expects === 'new-token' && after.token && tokenChanged) return { verdict: 'done', note: null };
    // If the customer was already signed in, only a different token shows that the SDK did anything.
    if (signsIn && (after.identity === expects || after.identity === 'unknown') && (before.identity !== after.identity || tokenChanged))
      return { verdict: 'done', note: null };
    if (expects === 'signed-out' && (after.identity === 'anonymous' || after.identity === 'incognito')) {
      return { verdict: 'done', note: before.identity === after.identity ? 'was-signed-out' : null };
    }
  }
  // Some SDKs return a boolean (facts §2.1): `false` is a refusal, with no need to wait for further readings.
  const saidNo = answer.value === false && readEnough;
  if (now < settledAt + ALL_PAUSES && !saidNo) return null;
  const signedIn = expects === 'new-uuid' && before.identity === 'signed-in';
  return { verdict: 'refused', note: signedIn ? 'signed-in' : saidNo ? 'said-no' : null };
}
