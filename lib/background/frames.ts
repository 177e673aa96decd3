/** The documents in a tab's frames: where each stands, and who reaches it there. */
import type { Listed } from '../session/session';
import { type Asking, looking } from './asking';
import type { Carrier, Frame } from './carrier';
import type { Reach } from './reach';
import type { SettingsStore } from './settings';

/** Where a document stands, in the words of the carrier that reaches it. */
export interface Standing {
  readonly carrier: Carrier;
  readonly frame: Frame;
}

/** What a look through all frames found: documents with their SDKs, and addresses of frames that nobody could look into. */
export interface Found {
  readonly documents: readonly Listed[];
  readonly beyond: readonly string[];
}

export interface Frames {
  /** Who reaches a document, and where; `null` for the top frame's. */
  standingOf(document: string | null): Standing | null;
  /** Looks through all frames. @throws {ProblemError} where none is reached */
  survey(): Promise<Found>;
}

export function createFrames(asking: Asking, reach: Reach, settings: SettingsStore): Frames {
  /** Where the documents of the last survey stand. */
  let standings = new Map<string, Standing>();

  async function survey(): Promise<Found> {
    const asked = looking();
    const documents: Listed[] = [];
    const places = new Map<string, Standing>();
    const tried = await Promise.allSettled(reach.carriers().map(async (carrier) => ({ carrier, list: await carrier.list(asked) })));
    const lists = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [failed] = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (!lists.length) throw failed;
    for (const { carrier, list } of lists) {
      for (const { frame, reply } of list.frames) {
        // Asked again by itself, so that a site's settings stay with the site.
        const whole =
          reply.setup === (await settings.setup(reply.origin)).id ? reply : await asking.ask(carrier, asked, frame).catch(() => null);
        const [page] = whole?.reports ?? [];
        // Reached in two ways, or two frames of one address that answer as one.
        if (!whole || page?.kind !== 'page' || places.has(whole.document)) continue;
        places.set(whole.document, { carrier, frame });
        documents.push({ document: whole.document, frame, origin: whole.origin, path: whole.path, clients: page.clients });
      }
    }
    standings = places;
    // What one does not reach, or tell apart, another may.
    const [{ list: widest }] = lists.toSorted((a, b) => a.list.beyond.length - b.list.beyond.length) as [(typeof lists)[number]];
    return { documents, beyond: widest.beyond };
  }

  return {
    standingOf(document) {
      const known = document === null ? undefined : standings.get(document);
      if (known && reach.carriers().includes(known.carrier)) return known;
      const [carrier] = reach.carriers();
      return carrier && document === null ? { carrier, frame: null } : null;
    },
    survey,
  };
}
