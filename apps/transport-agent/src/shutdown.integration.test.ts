import {
  scriptedProviders,
  startTransportAgentProcess,
  VirtualCaller,
} from '@voicebus/testing/system';
import { expect, test } from 'vitest';
import { createSession } from './test-client/raw-socket.ts';

test('a process that is told to end tells its callers, and is gone within three seconds', async () => {
  const agent = await startTransportAgentProcess({ env: scriptedProviders });
  const url = agent.url;
  const callers = await Promise.all([
    VirtualCaller.call({ url }),
    VirtualCaller.call({ url, audio: false }),
    VirtualCaller.call({ url, audio: false }),
  ]);
  callers[1].type('tell me everything');
  // A place that nobody has come for must not keep the process.
  await createSession(url);
  const startedMs = performance.now();
  process.kill(agent.pid, 'SIGTERM');
  const told = await Promise.all(callers.map((caller) => caller.untilMessage('ended')));
  expect(told.map(({ reason }) => reason)).toEqual(Array(3).fill('shutting-down'));
  expect(await agent.exited).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  await Promise.all(callers.map((caller) => caller.close()));
}, 60_000);

test('without its media worker it says so and does not start', async () => {
  const started = startTransportAgentProcess({
    env: { ...scriptedProviders, MEDIASOUP_WORKER_BIN: '/nowhere/mediasoup-worker' },
  });
  await expect(started).rejects.toThrow('MEDIASOUP_WORKER_BIN');
});
