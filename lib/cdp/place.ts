/** A target that is connected: where scripts of ours run, and what the protocol tells about it. */
import type { Frame } from '../background/carrier';
import type { CookieChange } from '../background/platform';
import type { AgentRequest, ScriptFile } from '../page/wire';
import { type Problem, ProblemError, SILENT } from '../session/problem';
import type { SeenCookie } from '../web/cookies';
import { CdpError } from './connection';

export interface Place {
  /** Calls the agent in a frame; `request.wait` is how long it may hold its answer. @throws {ProblemError} */
  call(frame: Frame, request: AgentRequest): Promise<unknown>;
  /** Runs our scripts in a frame. One that fails doesn't keep the others from running. @throws {ProblemError} */
  run(frame: Frame, files: readonly ScriptFile[]): Promise<void>;
  /** Makes the agent's bell `rang` of the place from now on. @throws {ProblemError} */
  hang(frame: Frame, bell: string): Promise<void>;
  /** What a function of ours that uses nothing from outside itself returns in a frame; `null` where there is no document. @throws {ProblemError} */
  evaluate(frame: Frame, run: () => unknown): Promise<unknown>;
  /** The frames with a document, the top one (`null`) first. */
  frames(): readonly Frame[];
  /** URL of the page; `undefined` for an app, or while it isn't known. */
  url(): string | undefined;
  /** The cookies for a page's origin whose names begin with `prefix`; `null` where there are none. */
  cookies(origin: string, prefix: string): Promise<SeenCookie[] | null>;
  /** Sets the value of a cookie, or removes it (`null`). Resolves to whether it could. */
  setCookie(cookie: SeenCookie, value: string | null): Promise<boolean>;
  /** Takes everything of ours out of it. */
  leave(): Promise<void>;
}

/** What a place tells as it happens. */
export interface PlaceHooks {
  /** An agent has news that no request waits for. */
  rang(): void;
  /** The page shows this URL now. */
  at(url: string): void;
  /** One of the SDK's cookies changed. */
  cookie(change: CookieChange): void;
}

/** Texts of our scripts. */
export interface Scripts {
  text(file: string): string;
}

/** How much longer than it may wait a call takes at most (ms): a page with an open dialog never answers. */
export const GRACE = 4000;

/** Evaluates, and turns what goes wrong into problems. @param params of `Runtime.evaluate` @throws {ProblemError} */
export async function evaluated(
  send: (
    method: string,
    params: object,
    deadline: number,
  ) => Promise<{
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text?: string; readonly exception?: { readonly description?: string } };
  }>,
  params: { readonly expression: string; readonly [param: string]: unknown },
  wait = 0,
): Promise<unknown> {
  try {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { returnByValue: true, silent: true, ...params }, wait + GRACE);
    if (!exceptionDetails) return result?.value;
    throw new ProblemError({
      kind: 'hostile',
      message: 'The page threw while being inspected.',
      detail: (exceptionDetails.exception?.description ?? exceptionDetails.text ?? '').slice(0, 500),
    });
  } catch (error) {
    throw error instanceof CdpError ? new ProblemError(problemIn(error)) : error;
  }
}

const problemIn = ({ why, message }: CdpError): Problem =>
  why === 'late'
    ? SILENT
    : why === 'closed'
      ? { kind: 'gone', code: 'disconnected', message: 'The debugging connection was closed.' }
      : { kind: 'gone', code: 'navigated', message: 'The page navigated away.', detail: message.slice(0, 300) };
