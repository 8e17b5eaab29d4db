import { setTimeout as delay } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import {
  startAgentProcess,
  startTransportAgentProcess,
  VirtualCaller,
  type AgentProcess,
} from '@voicebus/testing/system';
import { quantile } from '../report/quantile.ts';
import { writeTable } from '../report/table.ts';

/**
 * `npm run bench:takeover -- --times 30 [--signal SIGSTOP]`: the agent that speaks is killed (or stopped) at a
 * random moment of its sentence, over Redis. How long until another replica has the floor, and says its first word?
 */
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '30' },
    signal: { type: 'string', default: 'SIGKILL' },
    json: { type: 'boolean' },
  },
});
const channel = 'takeover';
const signal = values.signal === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
const redis = await RedisServer.start();
const start = (name: string): Promise<AgentProcess> =>
  startAgentProcess({ role: 'greeter', name, channel, redisUrl: redis.url });
const agents = new Map<string, AgentProcess>();
const floorMs: number[] = [];
const wordMs: number[] = [];
let problems = 0;
for (const name of ['one', 'two']) agents.set(name, await start(name));
const transport = await startTransportAgentProcess({
  env: {
    BUS: 'redis',
    REDIS_URL: redis.url,
    VOICEBUS_CHANNEL: channel,
    STT: 'scripted',
    TTS: 'scripted',
  },
});
try {
  for (let count = 0; count < Number(values.times); count += 1) await killOnce();
} finally {
  await transport.stop();
  for (const agent of agents.values()) agent.kill('SIGKILL');
  await redis[Symbol.asyncDispose]();
}

async function killOnce(): Promise<void> {
  const caller = await VirtualCaller.call({ url: transport.url });
  await caller.untilEvent('bot-stopped-speaking');
  const answer = await fetch(`${transport.url}/v1/registry`);
  const { runners } = (await answer.json()) as {
    runners: { runner: string; role: string; sessions: number }[];
  };
  const holder = runners.find(({ role, sessions }) => role === 'greeter' && sessions > 0);
  const agent = agents.get(holder?.runner ?? '');
  if (!holder || !agent) throw new Error('Nobody holds the floor.');
  const after = caller.events.lastSequence;
  caller.type('tell me everything');
  await caller.untilEvent('bot-started-speaking', { after });
  await delay(200 + Math.random() * 1_500);
  const killedMs = performance.now();
  agent.kill(signal);
  const { sequence } = await caller.untilEvent('handoff-accepted', { after });
  floorMs.push(performance.now() - killedMs);
  // What its colleague had written is played out before it is heard.
  await caller.untilEvent('llm-first-token', { after: sequence });
  wordMs.push(performance.now() - killedMs);
  problems += caller.events.of('problem').length;
  agent.kill('SIGKILL');
  caller.send({ type: 'end-call' });
  await caller.close();
  agents.set(holder.runner, await start(holder.runner));
  // One lease, so that nobody is doubted for what was before.
  await delay(1_600);
}

const rows = [
  { what: 'another has the floor', ms: floorMs },
  { what: 'its first word is accepted', ms: wordMs },
].map(({ what, ms }) => ({
  what,
  count: ms.length,
  median: quantile(ms, 0.5),
  p95: quantile(ms, 0.95),
  max: quantile(ms, 1),
}));
const load = loadavg()[0] ?? Number.NaN;
if (values.json) process.stdout.write(`${JSON.stringify({ signal, rows, problems, load })}\n`);
else {
  const table = rows.map(({ what, count, ...ms }) => [
    what,
    count,
    ...Object.values(ms).map((value) => value.toFixed(0)),
  ]);
  process.stdout.write(
    `${writeTable([[`ms after ${signal}`, 'count', 'median', 'p95', 'max'], ...table])}\n`,
  );
  process.stdout.write(`told to callers: ${problems}; load ${load.toFixed(1)}\n`);
}
process.exit(0);
