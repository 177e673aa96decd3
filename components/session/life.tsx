import './life.css';
/** How long a token still lives: as a countdown and as a bar. */
import type { TokenFacts } from '@/lib/jwt/token';
import { tokenStatus } from '@/lib/jwt/token-status';
import { about, countdown } from '../ui/format';

interface LifeProps {
  readonly facts: TokenFacts;
  /** How long before expiry a token counts as near it (ms). */
  readonly lead: number;
  /** Epoch ms. */
  readonly now: number;
}

const CLASSES = { valid: '', 'near-expiry': 'near', expired: 'expired' } as const;

const classOf = ({ facts, lead, now }: LifeProps): string => CLASSES[tokenStatus(facts, now, lead) ?? 'valid'];

/** `44:41`, or how long ago the token expired; nothing if no expiry is known. */
export function Countdown({ testid, ...life }: LifeProps & { testid?: string }) {
  const { facts, now } = life;
  if (facts.expiresAt === null) return <span class="quiet">no expiry</span>;
  const left = facts.expiresAt - now;
  return (
    <span
      data-testid={testid}
      class={`countdown ${classOf(life)}`}
      role="timer"
      aria-label={left > 0 ? `${about(left)} left` : `expired ${about(left)} ago`}
    >
      {left > 0 ? countdown(left) : `expired ${about(left)} ago`}
    </span>
  );
}

/** The share of the token's life that is over. Without a creation time, a life of an hour is assumed. */
export function Life(life: LifeProps) {
  const { facts, now } = life;
  const { createdAt, expiresAt } = facts;
  if (expiresAt === null) return null;
  const from = createdAt !== null && createdAt < expiresAt ? createdAt : expiresAt - 3_600_000;
  const gone = Math.round(Math.min(1, Math.max(0, (now - from) / (expiresAt - from))) * 100);
  return (
    <span class={`life ${classOf(life)}`} role="img" aria-label={`${gone} % of the token’s life is over`}>
      <span class="gone" style={{ width: `${gone}%` }} />
    </span>
  );
}
