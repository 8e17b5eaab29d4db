import { describeBus, RedisServer, TcpProxy } from '@voicebus/testing/bus-conformance';
import { RedisBus } from './redis-bus.ts';

describeBus({
  name: 'a bus over Redis',
  hasBroker: true,
  open: async () => {
    const server = await RedisServer.start();
    const proxy = await TcpProxy.to(server.port);
    return {
      connect: (channel) => new RedisBus({ redis: `redis://127.0.0.1:${proxy.port}`, channel }),
      faults: {
        cut: () => proxy.cut(),
        freeze: () => proxy.freeze(),
        mend: () => proxy.mend(),
        restart: async (downMs) => {
          await server.kill();
          await new Promise((resolve) => setTimeout(resolve, downMs));
          await server.start();
        },
        putGarbage: async (channel, incarnation) => {
          await server.command('xadd', `${channel}:in:{${incarnation}}`, '*', '', 'garbage');
        },
      },
      close: async () => {
        await proxy[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
});
