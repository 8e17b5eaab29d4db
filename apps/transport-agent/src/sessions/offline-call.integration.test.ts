import {
  speak,
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

let agent: TransportAgentProcess;
beforeAll(async () => {
  agent = await startTransportAgentProcess();
}, 60_000);
afterAll(() => agent.stop());

// Whole calls with these parts: in a browser by `apps/web/browser-tests/spoken-call.spec.ts`, and many of them,
// with several voices, by `npm run evaluate:calls`.
test('words spoken before the connection stood are understood', async () => {
  const firstWords = await speak('flite-slt', 'I need help with my order.');
  const caller = await VirtualCaller.call({ url: agent.url, firstWords });
  const { text } = await caller.untilEvent('transcript-final', {
    where: ({ by }) => by === 'voice',
  });
  expect(text).toMatch(/help.* order/);
  await caller.untilEvent('handoff-accepted', { where: ({ to }) => to === 'support' });
  expect(caller.events.of('problem')).toEqual([]);
  caller.send({ type: 'end-call' });
  expect(await caller.untilMessage('ended')).toMatchObject({ reason: 'caller-ended' });
  await caller.close();
}, 60_000);
