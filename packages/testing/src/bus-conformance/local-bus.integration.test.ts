import { LocalBus } from '@voicebus/core';
import { describeBus } from './describe-bus.ts';

for (const mode of ['reference', 'frozen', 'encoded'] as const) {
  describeBus({
    name: `a local bus that hands over ${mode} messages`,
    hasBroker: false,
    open: () => {
      const channels = new Map<string, LocalBus>();
      return Promise.resolve({
        faults: null,
        connect: (channel) => {
          const bus = channels.get(channel) ?? new LocalBus({ channel, mode });
          channels.set(channel, bus);
          return bus;
        },
        close: () => Promise.resolve(),
      });
    },
  });
}
