/** The documents in a tab's frames, and which carrier reaches each. */
import type { Listed } from '../session/session';
import { type Asking, looking } from './asking';
import type { Carrier, Frame } from './carrier';
import type { Reach } from './reach';
import type { SettingsStore } from './settings';

/** The carrier that reaches a document, and that carrier's name for the document's frame. */
export interface Standing {
  readonly carrier: Carrier;
  readonly frame: Frame;
}

/** The result of a survey: documents with their SDKs, and the URLs of frames that no carrier reaches. */
export interface Found {
  readonly documents: readonly Listed[];
  readonly beyond: readonly string[];
}

export interface Frames {
  /** The carrier and frame of a document, or of the top document (`null`). Returns `null` if no carrier reaches it. */
  standingOf(document: string | null): Standing | null;
  /** Surveys all frames. @throws {ProblemError} if none can be reached */
  survey(): Promise<Found>;
}

export function createFrames(asking: Asking, reach: Reach, settings: SettingsStore): Frames {
  /** The documents of the last survey. */
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
        // Ask this frame again, on its own: a site's settings must go to that site only.
        const whole =
          reply.setup === (await settings.setup(reply.origin)).id ? reply : await asking.ask(carrier, asked, frame).catch(() => null);
        const [page] = whole?.reports ?? [];
        // Two carriers reached the document, or two frames with the same URL gave the same answer.
        if (!whole || page?.kind !== 'page' || places.has(whole.document)) continue;
        places.set(whole.document, { carrier, frame });
        documents.push({ document: whole.document, frame, origin: whole.origin, path: whole.path, clients: page.clients });
      }
    }
    standings = places;
    // One carrier may reach, or tell apart, what another does not.
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
