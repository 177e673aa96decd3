import { decodeToken } from '@/lib/jwt/token';
import { cmdCurlOf, curlOf, powerShellOf } from '@/lib/network/curl';
import type { Body, Header, RequestRecord } from '@/lib/network/request';
import { bearerOf, jsonOf } from '@/lib/network/requests';
import { safeRecord } from '@/lib/network/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';
import { count } from '@/lib/text/count';
import { originWords } from '../session/token-words';
import type { Source } from '../state/record';
import { purposeLabel, statusOf } from '../timeline/entry-words';
import { Fact, Pre } from '../ui/cards';
import { pretty, took } from '../ui/format';
import { CopyButton } from '../ui/parts';
import { type Generations, generationsOf, uuidHeld } from './request-identity';

type Request = Extract<HistoryEntry, { kind: 'request' }>;

const SEEN_BY = { devtools: 'DevTools', page: 'Page hook', file: 'HAR file' } as const;

/**
 * One part of a request's details. Secrets are hidden unless the user revealed them.
 *
 * @param reveal shows or hides the secrets
 */
export function RequestPart({
  part,
  entry,
  source,
  isRevealed,
  reveal,
}: {
  part: 'overview' | 'headers' | 'payload' | 'response' | 'token';
  entry: Request;
  source: Source;
  isRevealed: boolean;
  reveal(is: boolean): void;
}) {
  void source.detailed.value;
  const record = source.detailOf(entry.key)?.request ?? null;
  const shown = record && (isRevealed ? record : safeRecord(record));
  return (
    <div class="request-details" data-testid="request-details">
      {part === 'overview' && <Overview entry={entry} source={source} url={shown?.url ?? `${entry.host}${entry.path}`} />}
      {!record || !shown ? (
        <p class="quiet">Headers and bodies weren’t kept from the earlier DevTools session.</p>
      ) : part === 'overview' ? (
        <Copies entry={entry} shown={shown} isRevealed={isRevealed} reveal={reveal} />
      ) : part === 'headers' ? (
        <>
          <Headers title="Request headers" headers={shown.headers} />
          <Headers title="Response headers" headers={shown.answerHeaders} />
        </>
      ) : part === 'token' ? (
        <Bearer record={record} />
      ) : (
        <BodyPart body={part === 'payload' ? shown.body : shown.answer} />
      )}
    </div>
  );
}

function Overview({ entry, source, url }: { entry: Request; source: Source; url: string }) {
  const generations = generationsOf(source.history.value);
  return (
    <dl>
      <Fact name="Type">{purposeLabel(entry.purpose)}</Fact>
      <Fact name="Status">{statusOf(entry)}</Fact>
      {entry.endedAt !== null && <Fact name="Duration">{took(entry.endedAt - entry.at)}</Fact>}
      {entry.size !== null && <Fact name="Size">{entry.size.toLocaleString('en')} bytes</Fact>}
      <Fact name="Source">{SEEN_BY[entry.via]}</Fact>
      <Fact name="URL" wide>
        <code>{url}</code>
      </Fact>
      {entry.uuid !== null && (
        <Fact name="Sent UUID" wide>
          <code>{entry.uuid}</code> <UuidMatch entry={entry} generations={generations} />
        </Fact>
      )}
      {entry.bearer !== null && (
        <Fact name="Sent token" wide>
          <TokenMatch fingerprint={entry.bearer} generations={generations} />
        </Fact>
      )}
      {entry.gave !== null && (
        <Fact name="Token in response" wide>
          <TokenMatch fingerprint={entry.gave} generations={generations} />
        </Fact>
      )}
    </dl>
  );
}

/** What the request can be copied as. */
function Copies({
  entry,
  shown,
  isRevealed,
  reveal,
}: {
  entry: Request;
  shown: RequestRecord;
  isRevealed: boolean;
  reveal(is: boolean): void;
}) {
  return (
    <>
      <div class="line">
        <button type="button" class="small" data-testid="unmask-request" aria-pressed={isRevealed} onClick={() => reveal(!isRevealed)}>
          {isRevealed ? 'Hide tokens' : 'Show tokens'}
        </button>
        <CopyButton data-testid="copy-curl" what="the request as cURL" label="Copy as cURL" text={() => curlOf(shown)} />
        <CopyButton data-testid="copy-curl-cmd" what="the request as cURL for cmd.exe" label="… for cmd" text={() => cmdCurlOf(shown)} />
        <CopyButton
          data-testid="copy-powershell"
          what="the request for PowerShell"
          label="… for PowerShell"
          text={() => powerShellOf(shown)}
        />
        <CopyButton what="this request as JSON" label="Copy as JSON" text={() => JSON.stringify({ ...entry, request: shown }, null, 2)} />
      </div>
      {isRevealed && <p class="warn-text">Copied data will include the token.</p>}
    </>
  );
}

/** Compares the UUID that was sent with the one that the request's own session had at that time. */
function UuidMatch({ entry, generations }: { entry: Request; generations: Generations }) {
  const held = uuidHeld(generations, entry);
  if (held === null) return <span class="quiet">no UUID yet</span>;
  return held === entry.uuid ? (
    <span class="chip good" data-testid="uuid-match">
      current
    </span>
  ) : (
    <span class="chip warn" data-testid="uuid-mismatch" title={`The SDK used ${held}`}>
      ≠ {held}
    </span>
  );
}

/** The token generation that the request used. */
function TokenMatch({ fingerprint, generations: { tokens } }: { fingerprint: string; generations: Generations }) {
  const at = tokens.findLastIndex((one) => one.fingerprint === fingerprint);
  const token = tokens[at];
  if (!token) return <span class="chip warn">unknown token</span>;
  const isLast = at === tokens.length - 1;
  return (
    <>
      <span class={`chip ${isLast ? 'good' : 'info'}`}>
        Token #{at + 1} ({originWords(token.origin)})
      </span>{' '}
      {!isLast && <span class="quiet">{count(tokens.length - 1 - at, 'token')} old</span>}
    </>
  );
}

function Bearer({ record }: { record: RequestRecord }) {
  const bearer = bearerOf(record);
  if (bearer === null) return <p class="quiet">No token was sent.</p>;
  const { header, claims } = decodeToken(bearer);
  return header || claims ? <Pre>{pretty({ header, claims })}</Pre> : <p class="quiet">Can’t decode (probably encrypted).</p>;
}

function Headers({ title, headers }: { title: string; headers: readonly Header[] }) {
  return (
    <>
      <h3>
        {title} <span class="quiet">({headers.length})</span>
      </h3>
      {headers.length ? <Pre>{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</Pre> : <p class="quiet">None</p>}
    </>
  );
}

function BodyPart({ body }: { body: Body }) {
  const json = jsonOf(body);
  return (
    <>
      {body.size !== null && <p class="quiet">{body.size.toLocaleString('en')} bytes</p>}
      {body.text === null ? (
        <p class="quiet">{body.size ? 'Binary or too large' : 'None'}</p>
      ) : (
        <Pre>{json === null ? body.text : pretty(json)}</Pre>
      )}
    </>
  );
}
