import { useSignal } from '@preact/signals';
import { decodeToken } from '@/lib/jwt/token';
import { cmdCurlOf, curlOf, powerShellOf } from '@/lib/network/curl';
import type { Body, Header, RequestRecord } from '@/lib/network/request';
import { bearerOf, jsonOf } from '@/lib/network/requests';
import { safeRecord } from '@/lib/network/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Source } from '../state/record';
import { purposeLabel, statusOf } from '../timeline/entry-words';
import { clock, pretty, took } from '../ui/format';
import { CopyButton, Fact, Pre } from '../ui/parts';

type Request = Extract<HistoryEntry, { kind: 'request' }>;
type TokenEntry = Extract<HistoryEntry, { kind: 'token' }>;

const SEEN_BY = { devtools: 'DevTools', page: 'the inspector, in the page', file: 'a file' } as const;

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
        <Fact name="For">{purposeLabel(entry.purpose)}</Fact>
        <Fact name="Status">{statusOf(entry)}</Fact>
        {entry.endedAt !== null && <Fact name="Took">{took(entry.endedAt - entry.at)}</Fact>}
        {entry.size !== null && <Fact name="Size">{entry.size.toLocaleString('en')} bytes</Fact>}
        <Fact name="Seen by">{SEEN_BY[entry.via]}</Fact>
        <Fact name="URL" wide>
          <code>{shown?.url ?? `${entry.host}${entry.path}`}</code>
        </Fact>
        {entry.uuid !== null && (
          <Fact name="UUID sent" wide>
            <code>{entry.uuid}</code> <UuidMatch entry={entry} entries={entries} />
          </Fact>
        )}
        {entry.bearer !== null && (
          <Fact name="Token sent" wide>
            <TokenMatch fingerprint={entry.bearer} entries={entries} />
          </Fact>
        )}
        {entry.gave !== null && (
          <Fact name="Token answered" wide>
            <TokenMatch fingerprint={entry.gave} entries={entries} />
          </Fact>
        )}
      </dl>
      {record && shown ? (
        <>
          <Bearer record={record} />
          <Part title="Request headers" headers={shown.headers} />
          <BodyPart title="Request body" body={shown.body} />
          <Part title="Response headers" headers={shown.answerHeaders} />
          <BodyPart title="Response body" body={shown.answer} />
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
              {revealed ? 'Hide secrets' : 'Show secrets'}
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
          {revealed && <p class="warn-text">What you copy now has the token in it.</p>}
        </>
      ) : (
        <p class="quiet">Headers and bodies are not known any more: a panel keeps them while it is open.</p>
      )}
    </div>
  );
}

/** Compares the UUID that was sent with the one that the session had at that time. */
function UuidMatch({ entry, entries }: { entry: Request; entries: readonly HistoryEntry[] }) {
  const uuids = entries.filter((one): one is Extract<HistoryEntry, { kind: 'uuid' }> => one.kind === 'uuid');
  // The first UUID existed before it was first seen.
  const held = uuids.findLast(({ at }) => at <= (entry.endedAt ?? entry.at)) ?? uuids.find(({ cause }) => cause.kind === 'first');
  if (!held) return <span class="quiet">the session had no UUID yet</span>;
  return held.uuid === entry.uuid ? (
    <span class="chip good">the one that the SDK held</span>
  ) : (
    <span class="chip warn" title={`The SDK held ${held.uuid}`}>
      not the one that the SDK held
    </span>
  );
}

/** The token generation that the request used. */
function TokenMatch({ fingerprint, entries }: { fingerprint: string; entries: readonly HistoryEntry[] }) {
  const tokens = entries.filter((one): one is TokenEntry => one.kind === 'token' && one.fingerprint !== '');
  const at = tokens.findLastIndex((one) => one.fingerprint === fingerprint);
  const token = tokens[at];
  if (!token) return <span class="chip warn">no token that the SDK was seen to hold</span>;
  const isLast = at === tokens.length - 1;
  return (
    <>
      <span class={`chip ${isLast ? 'good' : 'info'}`}>
        {token.origin ?? "the site's own"}, since {clock(token.at, token.at)}
      </span>{' '}
      {!isLast && <span class="quiet">{tokens.length - 1 - at} newer since</span>}
    </>
  );
}

function Bearer({ record }: { record: RequestRecord }) {
  const bearer = bearerOf(record);
  if (bearer === null) return null;
  const { header, claims } = decodeToken(bearer);
  return (
    <details>
      <summary>Token sent, decoded</summary>
      {header || claims ? <Pre>{pretty({ header, claims })}</Pre> : <p class="quiet">It cannot be read: the workspace may encrypt it.</p>}
    </details>
  );
}

function Part({ title, headers }: { title: string; headers: readonly Header[] }) {
  return (
    <details>
      <summary>
        {title} <span class="quiet">({headers.length})</span>
      </summary>
      {headers.length ? <Pre>{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</Pre> : <p class="quiet">None was seen.</p>}
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
        <p class="quiet">{body.size ? 'It is no text, or too long to keep.' : 'None.'}</p>
      ) : (
        <Pre>{json === null ? body.text : pretty(json)}</Pre>
      )}
    </details>
  );
}
