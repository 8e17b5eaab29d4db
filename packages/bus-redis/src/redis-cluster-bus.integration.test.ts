import { describeBus, RedisCluster } from '@voicebus/testing/bus-conformance';
import { RedisBus } from './redis-bus.ts';

describeBus({
  name: 'a bus over a Redis Cluster',
  hasBroker: true,
  open: async () => {
    const cluster = await RedisCluster.start();
    const { proxies, urls } = cluster;
    return {
      connect: (channel) => new RedisBus({ redis: { cluster: urls }, channel }),
      faults: {
        cut: () => {
          for (const proxy of proxies) proxy.cut();
        },
        freeze: () => {
          for (const proxy of proxies) proxy.freeze();
        },
        mend: () => {
          for (const proxy of proxies) proxy.mend();
        },
        restart: async (downMs) => {
          await Promise.all(cluster.nodes.map((node) => node.kill()));
          await new Promise((resolve) => setTimeout(resolve, downMs));
          await Promise.all(cluster.nodes.map((node) => node.start()));
        },
        putGarbage: async (channel, incarnation) => {
          const key = `${channel}:in:{${incarnation}}`;
          await cluster.nodes[0]?.command('-c', 'xadd', key, '*', '', 'garbage');
        },
      },
      close: () => cluster[Symbol.asyncDispose](),
    };
  },
});
