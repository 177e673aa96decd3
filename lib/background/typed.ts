import { withoutFormsIn } from '../redaction/forms';
import type { AgentCommand, AgentReply, Report } from '../sdk/wire';

/** A page may repeat what it was handed for so long (ms). */
const KEPT = 120_000;

/**
 * Secrets that a person typed, for as long as the page may repeat them: in the worker's memory alone, gone with it. In
 * the page they are taken out as they are; here in every encoding that `lib/redaction` claims.
 */
export interface Typed {
  /** A command is on its way to the page. */
  sent(command: AgentCommand): void;
  /** What a page said, without them. */
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
      return secrets.length ? { ...reply, reports: reply.reports.map((report) => withoutTyped(report, secrets)) } : reply;
    },
  };
}

/** What a report has of the page's own making; our own words in it may hold a short secret by chance. */
function withoutTyped(report: Report, secrets: readonly string[]): Report {
  switch (report.kind) {
    case 'settled': {
      const { value, error } = withoutFormsIn({ value: report.value, error: report.error }, secrets);
      return { ...report, value, error };
    }
    case 'call':
      return report.detail ? { ...report, detail: withoutFormsIn(report.detail, secrets) } : report;
    case 'look':
      return { ...report, detail: withoutFormsIn(report.detail, secrets) };
    default:
      return report;
  }
}
