import type { AgentCommand, AgentReply, AgentReport, WireError } from '../page/wire';
import { withoutFormsIn } from '../redaction/forms';
import type { Plain } from '../sdk/plain-data';

/** How long a page may repeat secrets that were passed to it (ms). */
const KEPT = 120_000;

/**
 * Secrets that the user typed, kept for as long as the page may repeat them, in the worker's memory only. Our script in the
 * page removes them in their plain form; this removes them in every encoding that `lib/redaction` covers.
 */
export interface Typed {
  /** Remembers the secrets of a command that is about to be sent to the page. */
  sent(command: AgentCommand): void;
  /** The reply without these secrets. */
  without(reply: AgentReply): AgentReply;
}

/** @param now epoch ms */
export function createTyped(now: () => number = Date.now): Typed {
  let kept: readonly { readonly until: number; readonly secrets: readonly string[] }[] = [];
  return {
    sent(command) {
      if (command.kind !== 'run' || !command.secrets?.length) return;
      const secrets = command.secrets.flatMap((name) => {
        const value = command.args[name];
        return typeof value === 'string' && value !== '' ? [value] : [];
      });
      kept = [...kept.filter(({ until }) => until > now()), { until: now() + KEPT, secrets }];
    },
    without(reply) {
      kept = kept.filter(({ until }) => until > now());
      const secrets = kept.flatMap((one) => one.secrets);
      return secrets.length ? { ...reply, reports: withoutTyped(reply.reports, secrets) } : reply;
    },
  };
}

/**
 * Removes secrets from all reports of a reply at once. Searches only values that come from the page, because our own texts
 * in a report may contain a short secret by chance.
 */
function withoutTyped(reports: readonly AgentReport[], secrets: readonly string[]): readonly AgentReport[] {
  const told = reports.map((report) => {
    if (report.kind === 'settled') return [report.value, ...partsOf(report.error)];
    if (report.kind === 'call' || report.kind === 'look')
      return [
        report.detail?.args ?? null,
        report.detail?.value ?? null,
        report.detail?.site ?? null,
        ...partsOf(report.detail?.error ?? null),
      ];
    return [];
  });
  const safe = withoutFormsIn(told, secrets);
  return reports.map((report, index) => {
    const [first = null, ...rest] = safe[index] ?? [];
    if (report.kind === 'settled') return { ...report, value: first, error: errorOf(report.error, rest) };
    if ((report.kind === 'call' || report.kind === 'look') && report.detail) {
      const [value = null, site = null, ...parts] = rest;
      const { detail } = report;
      return {
        ...report,
        detail: {
          ...detail,
          ...(detail.args !== undefined && { args: first }),
          ...(detail.value !== undefined && { value }),
          ...(detail.site !== undefined && { site: String(site) }),
          ...(detail.error && { error: errorOf(detail.error, parts) ?? detail.error }),
        },
      };
    }
    return report;
  });
}

const partsOf = (error: WireError | null): Plain[] => (error ? [error.code, error.message, error.detail] : []);

const errorOf = (error: WireError | null, [code = null, message = '', detail = null]: readonly Plain[]): WireError | null =>
  error && { code: typeof code === 'number' ? code : code === null ? null : String(code), message: String(message), detail };
