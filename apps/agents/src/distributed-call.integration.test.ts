import { RedisServer } from '@voicebus/testing/bus-conformance';
import {
  startAgentProcess,
  startTransportAgentProcess,
  VirtualCaller,
  type AgentProcess,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const channel = 'acme';
let redis: RedisServer;
let transport: TransportAgentProcess;
let agents: Record<'greeter-1' | 'greeter-2' | 'support-1' | 'support-2', AgentProcess>;

const startAgent = (role: string, name: string): Promise<AgentProcess> =>
  startAgentProcess({ role, name, channel, redisUrl: redis.url });
const startTransport = (onChannel: string, readyMs?: number): Promise<TransportAgentProcess> =>
  startTransportAgentProcess({
    ...(readyMs === undefined ? {} : { readyMs }),
    env: {
      BUS: 'redis',
      REDIS_URL: redis.url,
      VOICEBUS_CHANNEL: onChannel,
      STT: 'scripted',
      TTS: 'scripted',
    },
  });

beforeAll(async () => {
  redis = await RedisServer.start();
  // In any order: the transport agent's readiness waits for a greeter.
  const [started, ...replicas] = await Promise.all([
    startTransport(channel),
    startAgent('greeter', 'greeter-1'),
    startAgent('greeter', 'greeter-2'),
    startAgent('support', 'support-1'),
    startAgent('support', 'support-2'),
  ]);
  transport = started;
  const [greeter1, greeter2, support1, support2] = replicas;
  agents = {
    'greeter-1': greeter1,
    'greeter-2': greeter2,
    'support-1': support1,
    'support-2': support2,
  };
}, 90_000);
afterAll(async () => {
  await transport?.stop();
  for (const agent of Object.values(agents ?? {})) agent.kill('SIGKILL');
  await redis?.[Symbol.asyncDispose]();
});

interface RunnerRow {
  readonly incarnation: string;
  readonly runner: string;
  readonly role: string;
  readonly state: string;
  readonly sessions: number;
}

async function runners(): Promise<RunnerRow[]> {
  const answer = await fetch(`${transport.url}/v1/registry`);
  return ((await answer.json()) as { runners: RunnerRow[] }).runners;
}

async function greeted(): Promise<VirtualCaller> {
  const caller = await VirtualCaller.call({ url: transport.url });
  await caller.untilEvent('bot-stopped-speaking');
  return caller;
}

/** Ends the call, so that nobody keeps a place for somebody who may come back. */
async function hangUp(caller: VirtualCaller): Promise<void> {
  caller.send({ type: 'end-call' });
  await caller.untilMessage('ended');
  await caller.close();
}

async function askForSupport(caller: VirtualCaller): Promise<void> {
  const after = caller.events.lastSequence;
  caller.type('I need support');
  await caller.untilEvent('handoff-active', { after, where: ({ to }) => to === 'support' });
  await caller.untilEvent('bot-stopped-speaking', {
    after,
    where: ({ agent }) => agent === 'support',
  });
}

describe('every service in a process of its own, over Redis', () => {
  test('a caller is greeted, handed over and back, and the registry shows who serves', async () => {
    const caller = await greeted();
    await askForSupport(caller);
    const serving = (await runners()).filter(({ sessions }) => sessions > 0);
    expect(serving.map(({ role }) => role).toSorted()).toEqual([
      'greeter',
      'support',
      'transport-agent',
    ]);
    const after = caller.events.lastSequence;
    caller.type('take me back');
    await caller.untilEvent('handoff-active', { after, where: ({ to }) => to === 'greeter' });
    expect(caller.events.of('problem')).toEqual([]);
    await hangUp(caller);
  }, 40_000);

  test('three callers at once hear and see nothing of each other', async () => {
    const callers = await Promise.all([greeted(), greeted(), greeted()]);
    await Promise.all(
      callers.map(async (caller, index) => {
        const after = caller.events.lastSequence;
        caller.type(`sentence ${index}`);
        await caller.untilEvent('bot-stopped-speaking', { after });
      }),
    );
    callers.forEach((caller) => {
      const ids = new Set(caller.events.all.map(({ sessionId }) => sessionId));
      expect([...ids]).toEqual([caller.sessionId]);
      expect(caller.events.of('transcript-final')).toHaveLength(1);
    });
    await Promise.all(callers.map(hangUp));
  }, 40_000);

  test('a support process that is killed in the middle of a sentence is replaced by the other', async () => {
    const caller = await greeted();
    await askForSupport(caller);
    const holder = (await runners()).find(
      ({ role, sessions }) => role === 'support' && sessions > 0,
    );
    const after = caller.events.lastSequence;
    caller.type('tell me everything');
    await caller.untilEvent('bot-started-speaking', { after });
    const name = holder?.runner as keyof typeof agents;
    agents[name].kill('SIGKILL');
    const taken = await caller.untilEvent('handoff-accepted', { after });
    // It goes on by itself, and nobody has to say that somebody is looked for.
    const spoke = await caller.untilEvent('bot-started-speaking', { after: taken.sequence });
    expect(spoke.agent).toBe('support');
    expect(caller.events.of('problem')).toEqual([]);
    const later = caller.events.lastSequence;
    caller.type('my lamp is broken');
    await caller.untilEvent('bot-started-speaking', { after: later });
    agents[name] = await startAgent('support', name);
    await hangUp(caller);
  }, 60_000);

  test('a greeter that drains takes no new calls, keeps the ones it has, and ends with them', async () => {
    const caller = await greeted();
    const draining = (await runners()).find(
      ({ role, sessions }) => role === 'greeter' && sessions > 0,
    );
    const name = draining?.runner as keyof typeof agents;
    agents[name].kill('SIGTERM');
    await vi.waitFor(async () => {
      const row = (await runners()).find(({ runner }) => runner === name);
      expect(row?.state).toBe('draining');
    }, 5_000);
    expect((await fetch(`${agents[name].healthUrl}/readyz`)).status).toBe(503);
    const others = await Promise.all([greeted(), greeted(), greeted()]);
    const row = (await runners()).find(({ runner }) => runner === name);
    expect(row?.sessions).toBe(1);
    const after = caller.events.lastSequence;
    caller.type('sentence 1');
    await caller.untilEvent('bot-stopped-speaking', { after });
    expect(caller.events.of('problem')).toEqual([]);
    await Promise.all([...others, caller].map(hangUp));
    expect(await agents[name].exited).toBe(0);
    agents[name] = await startAgent('greeter', name);
  }, 60_000);

  test('an operator drains a process and ends a call from anywhere on the channel', async () => {
    const caller = await greeted();
    const row = (await runners()).find(({ runner }) => runner === 'support-1');
    const ask = (path: string): Promise<number> =>
      fetch(`${transport.url}${path}`, { method: 'POST' }).then(({ status }) => status);
    const stateOf = async (name: string): Promise<string | undefined> =>
      (await runners()).find(({ runner }) => runner === name)?.state;
    expect(await ask(`/v1/runners/${row?.incarnation}/drain`)).toBe(202);
    await vi.waitFor(async () => expect(await stateOf('support-1')).toBe('drained'), 5_000);
    await askForSupport(caller);
    expect((await runners()).find(({ runner }) => runner === 'support-1')?.sessions).toBe(0);
    expect(await ask(`/v1/runners/${row?.incarnation}/undrain`)).toBe(202);
    await vi.waitFor(async () => expect(await stateOf('support-1')).toBe('ready'), 5_000);
    expect(await ask('/v1/runners/nobody/drain')).toBe(404);
    expect(await ask(`/v1/sessions/${caller.sessionId}/end`)).toBe(202);
    expect(await caller.untilMessage('ended')).toMatchObject({ reason: 'operator-ended' });
    expect(await ask(`/v1/sessions/${caller.sessionId}/end`)).toBe(404);
    await caller.close();
  }, 40_000);

  test('two channels on one Redis are strangers', async () => {
    const other = await startTransport('acme_eu', 6_000).catch((thrown: unknown) => thrown);
    // Nobody greets there: it never becomes ready, however many greeters the first channel has.
    expect(other).toBeInstanceOf(Error);
  }, 60_000);
});
