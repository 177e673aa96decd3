import { useSignal } from '@preact/signals';
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

import { generationsOf, uuidHeld } from './request-identity';

type Request = Extract<HistoryEntry, { kind: 'request' }>;
type TokenEntry = Extract<HistoryEntry, { kind: 'token' }>;

const SEEN_BY = { devtools: 'DevTools', page: 'Page hook', file: 'HAR file' } as const;

/** A request's details; secrets are hidden until the user reveals them. */
export function RequestDetails({ entry, source }: { entry: Request; source: Source }) {
  void source.detailed.value;
  const shows = useSignal<string | null>(null);
  const record = source.detailOf(entry.key)?.request ?? null;
  const revealed = shows.value === entry.key;
  const shown = record && (revealed ? record : safeRecord(record));
  const { entries } = source.history.value;
  return (
    <div class="request-details" data-testid="request-details">
      <dl>
        <Fact name="Type">{purposeLabel(entry.purpose)}</Fact>
        <Fact name="Status">{statusOf(entry)}</Fact>
        {entry.endedAt !== null && <Fact name="Duration">{took(entry.endedAt - entry.at)}</Fact>}
        {entry.size !== null && <Fact name="Size">{entry.size.toLocaleString('en')} bytes</Fact>}
        <Fact name="Source">{SEEN_BY[entry.via]}</Fact>
        <Fact name="URL" wide>
          <code>{shown?.url ?? `${entry.host}${entry.path}`}</code>
        </Fact>
        {entry.uuid !== null && (
          <Fact name="Sent UUID" wide>
            <code>{entry.uuid}</code> <UuidMatch entry={entry} entries={entries} />
          </Fact>
        )}
        {entry.bearer !== null && (
          <Fact name="Sent token" wide>
            <TokenMatch fingerprint={entry.bearer} entries={entries} />
          </Fact>
        )}
        {entry.gave !== null && (
          <Fact name="Token in response" wide>
            <TokenMatch fingerprint={entry.gave} entries={entries} />
          </Fact>
        )}
      </dl>
      {record && shown ? (
        <>
          <Bearer record={record} />
          <Part title="Request headers" headers={shown.headers} />
          <BodyPart title="Payload" body={shown.body} />
          <Part title="Response headers" headers={shown.answerHeaders} />
          <BodyPart title="Response" body={shown.answer} />
          <div class="line">
            <button
              type="button"
              class="small"
              data-testid="unmask-request"
              aria-pressed={revealed}
              onClick={() => {
                shows.value = revealed ? null : entry.key;
              }}
            >
              {revealed ? 'Hide tokens' : 'Show tokens'}
            </button>
            <CopyButton data-testid="copy-curl" what="the request as cURL" label="Copy as cURL" text={() => curlOf(shown)} />
            <CopyButton
              data-testid="copy-curl-cmd"
              what="the request as cURL for cmd.exe"
              label="… for cmd"
              text={() => cmdCurlOf(shown)}
            />
            <CopyButton
              data-testid="copy-powershell"
              what="the request for PowerShell"
              label="… for PowerShell"
              text={() => powerShellOf(shown)}
            />
            <CopyButton
              what="this request as JSON"
              label="Copy as JSON"
              text={() => JSON.stringify({ ...entry, request: shown }, null, 2)}
            />
          </div>
          {revealed && <p class="warn-text">Copied data will include the token.</p>}
        </>
      ) : (
        <p class="quiet">Headers and bodies weren’t kept from the earlier DevTools session.</p>
      )}
    </div>
  );
}

/** Compares the UUID that was sent with the one that the request's own session had at that time. */
function UuidMatch({ entry, entries }: { entry: Request; entries: readonly HistoryEntry[] }) {
  const held = uuidHeld(generationsOf({ entries }), entry);
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
function TokenMatch({ fingerprint, entries }: { fingerprint: string; entries: readonly HistoryEntry[] }) {
  const tokens = entries.filter((one): one is TokenEntry => one.kind === 'token' && one.fingerprint !== '');
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
  if (bearer === null) return null;
  const { header, claims } = decodeToken(bearer);
  return (
    <details>
      <summary>Decoded token</summary>
      {header || claims ? <Pre>{pretty({ header, claims })}</Pre> : <p class="quiet">Can’t decode (probably encrypted).</p>}
    </details>
  );
}

function Part({ title, headers }: { title: string; headers: readonly Header[] }) {
  return (
    <details>
      <summary>
        {title} <span class="quiet">({headers.length})</span>
      </summary>
      {headers.length ? <Pre>{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</Pre> : <p class="quiet">None</p>}
    </details>
  );
}

function BodyPart({ title, body }: { title: string; body: Body }) {
  const json = jsonOf(body);
  return (
    <details open={body.text !== null && body.text.length < 2000}>
      <summary>
        {title} {body.size !== null && <span class="quiet">({body.size.toLocaleString('en')} bytes)</span>}
      </summary>
      {body.text === null ? (
        <p class="quiet">{body.size ? 'Binary or too large' : 'None'}</p>
      ) : (
        <Pre>{json === null ? body.text : pretty(json)}</Pre>
      )}
    </details>
  );
}
