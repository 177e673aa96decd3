/** Finds words in the entries of a timeline, of which there may be 100,000. */

import type { CaseDetail } from '@/lib/diagnostics/case';
import { decodeToken } from '@/lib/jwt/token';
import { bearerOf } from '@/lib/network/requests';
import { maskSecrets } from '@/lib/network/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Finder } from '@/lib/session/history/timeline';
import { inSlices } from '@/lib/tasks/slices';
import { addTexts, mentions } from '@/lib/text/mentions';
import { causeWords } from '../session/cause';
import type { Source } from '../state/record';
import { entryName } from './entry-words';
import { entryDetails, entryStatus } from './timeline-columns';

export interface EntrySearch {
  /** Adds an entry, or replaces the earlier one with the same `seq`. */
  add(entry: HistoryEntry): void;
  /** Makes searching fast, once many entries were added. */
  prepare(): Promise<unknown>;
  readonly finder: Finder;
}

/** What a search finds in an entry besides its line in the table. */
const BEYOND_LINE: { readonly [K in HistoryEntry['kind']]: (entry: Extract<HistoryEntry, { kind: K }>) => unknown } = {
  uuid: ({ cause }) => cause,
  token: ({ cause, uuid, whom, fingerprint }) => [cause, uuid, whom, fingerprint],
  identity: ({ identity, before }) => [identity, before],
  operation: ({ by }) => by,
  call: ({ told }) => told,
  request: ({ host, uuid, problem, bearer, gave }) => [host, uuid, problem, bearer, gave],
  storage: ({ area }) => area,
  document: ({ by }) => by,
  callback: () => null,
  alarm: () => null,
};

/** What a search finds in an entry itself, the cheap parts first. */
const PARTS: readonly ((entry: HistoryEntry) => unknown)[] = [
  entryName,
  entryDetails,
  entryStatus,
  (entry) => (BEYOND_LINE[entry.kind] as (entry: HistoryEntry) => unknown)(entry),
  (entry) => 'cause' in entry && causeWords(entry.cause),
];

/** All text of the details including token claims. */
function detailText(detail: CaseDetail | null): string {
  if (!detail) return '';
  const bearer = detail.request ? bearerOf(detail.request) : null;
  return `${maskSecrets(JSON.stringify(detail))} ${bearer === null ? '' : JSON.stringify(decodeToken(bearer))}`;
}

/** How many entries make a block, as a power of two: `seq >> BITS` is the number of its block. */
const BITS = 8;

/** Entries with successive numbers. Once it has a text, it is never changed: an entry that is amended gets another block. */
interface Block {
  /** By the last bits of their `seq`; numbers may be missing. */
  readonly entries: (HistoryEntry | undefined)[];
  /** All of their text in lower case; `null`: not made yet. */
  text: string | null;
}

/** Creates a search. The text of many entries is one string: where a word isn't in it, none of them is looked at. */
export function createEntrySearch({ detailOf }: Pick<Source, 'detailOf'>): EntrySearch {
  const blocks: Block[] = [];
  const blockOf = ({ seq }: HistoryEntry) => blocks[seq >> BITS];
  const inDetails = (entry: HistoryEntry, word: string) => 'key' in entry && mentions(detailText(detailOf(entry.key)), word);

  return {
    add(entry) {
      const before = blockOf(entry);
      const block = before && before.text === null ? before : { entries: before?.entries ?? [], text: null };
      block.entries[entry.seq % (1 << BITS)] = entry;
      blocks[entry.seq >> BITS] = block;
    },
    prepare() {
      // The last one still grows.
      const due = blocks.slice(0, -1).filter(({ text }) => text === null);
      const make = (block: Block) => {
        block.text ??= textOf(block.entries);
      };
      return inSlices(due, make, { every: 1 });
    },
    finder(words) {
      const finds = words.map((word) => {
        const may = mayContain(word);
        return (entry: HistoryEntry) =>
          (may(blockOf(entry)) && PARTS.some((part) => mentions(part(entry), word))) || inDetails(entry, word);
      });
      return (entry) => finds.every((find) => find(entry));
    },
  };
}

/** Returns whether a block may contain a word. A block is searched when it is first asked about: few entries arrive at a time. */
function mayContain(word: string): (block: Block | undefined) => boolean {
  const known = new Map<Block, boolean>();
  return (block) => {
    if (!block || block.text === null) return true;
    const may = known.get(block) ?? block.text.includes(word);
    known.set(block, may);
    return may;
  };
}

function textOf(entries: readonly (HistoryEntry | undefined)[]): string {
  const texts: string[] = [];
  for (const entry of entries) if (entry) for (const part of PARTS) addTexts(part(entry), texts);
  return texts.join('\n').toLowerCase();
}
