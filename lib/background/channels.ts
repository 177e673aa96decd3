/** The channel of each tab, created on first use. */
import { type Channel, type ChannelNeeds, createChannel } from './channel';
import { logBug } from './log';
import type { Platform } from './platform';
import type { Registry } from './registry';

export interface Channels {
  of(tab: number): Channel;
  has(tab: number): boolean;
  close(tab: number): void;
  /** Calls `tell` with every existing channel and with that of every open session, created if missing. */
  everywhere(tell: (channel: Channel) => Promise<void>): Promise<void>;
}

export function createChannels(registry: Registry, carrier: Platform['carrier'], needs: ChannelNeeds): Channels {
  const channels = new Map<number, Channel>();
  function of(tab: number): Channel {
    const known = channels.get(tab);
    if (known) return known;
    const made = createChannel(tab, registry, carrier(tab), needs);
    channels.set(tab, made);
    return made;
  }
  return {
    of,
    has: (tab) => channels.has(tab),
    close(tab) {
      channels.get(tab)?.close();
      channels.delete(tab);
    },
    async everywhere(tell) {
      const open = (await registry.sessions()).filter(({ tab }) => tab.closedAt === null);
      const tabs = new Set([...channels.keys(), ...open.map(({ tab }) => tab.id)]);
      await Promise.all([...tabs].map((tab) => tell(of(tab)).catch(logBug)));
    },
  };
}
