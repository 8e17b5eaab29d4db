import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { RoomEcho, type RoomEchoOptions } from '../caller/room-echo.ts';
import { VirtualCaller } from '../caller/virtual-caller.ts';
import {
  startTransportAgentProcess,
  type TransportAgentProcess,
} from '../process/transport-agent-process.ts';
import { speak } from '../voices/test-voices.ts';
import { median, table } from './statistics.ts';

/**
 * `measure-echo.ts [--sentences 20] [--parallel 1] [--json]`: the bot's own sound comes back into the microphone. Does it
 * interrupt itself, and can it still be interrupted?
 */
const { values } = parseArgs({
  options: {
    sentences: { type: 'string', default: '20' },
    /** Rooms at once: each is a call of its own. */
    parallel: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
});
const sentences = Number(values.sentences);

const rooms: readonly RoomEchoOptions[] = [
  { gainDb: -100, delayMs: 100 },
  ...[-12, -20, -30].flatMap((gainDb) => [40, 120, 250].map((delayMs) => ({ gainDb, delayMs }))),
];

interface Measured extends RoomEchoOptions {
  /** Sentences that the bot broke off because of itself. */
  readonly interrupted: number;
  /** Sentences in which it fell silent for a moment because of itself. */
  readonly held: number;
  /** From a caller's first sample to the last one of the bot; NaN where it was not interrupted. */
  readonly interruptionMs: readonly number[];
}

async function measure(agent: TransportAgentProcess, room: RoomEchoOptions): Promise<Measured> {
  const caller = await VirtualCaller.call({ url: agent.url });
  const echo = new RoomEcho(room);
  const stop = caller.heard.onPacket((packet) => echo.play(packet));
  caller.microphone.background = (samples) => echo.next(samples);
  const words = await speak('flite-rms', 'No wait, I want something else.');
  let [interrupted, held] = [0, 0];
  const interruptionMs: number[] = [];
  await caller.untilEvent('bot-stopped-speaking');
  for (let index = 0; index < sentences; index += 1) {
    const after = caller.events.lastSequence;
    caller.type(`sentence ${index}`);
    await caller.untilEvent('bot-stopped-speaking', { after, limitMs: 30_000 });
    const verdicts = caller.events
      .of('interruption')
      .filter(({ sequence, by }) => sequence > after && by === 'voice')
      .map(({ verdict }) => verdict);
    if (verdicts.includes('interrupt')) interrupted += 1;
    if (verdicts.includes('resume')) held += 1;
    await caller.untilQuiet(600);
  }
  for (let index = 0; index < sentences / 4; index += 1)
    interruptionMs.push(await interrupt(caller, words));
  stop();
  await caller.close();
  return { ...room, interrupted, held, interruptionMs };
}

async function interrupt(caller: VirtualCaller, words: Int16Array): Promise<number> {
  const after = caller.events.lastSequence;
  caller.type('tell me everything');
  await caller.untilEvent('bot-started-speaking', { after });
  await caller.untilSound(performance.now() + 700);
  const { startedMs } = await caller.say(words);
  const cut = await caller
    .untilEvent('interruption', {
      after,
      where: ({ verdict, by }) => verdict === 'interrupt' && by === 'voice',
      limitMs: 3_000,
    })
    .catch(() => null);
  const silentMs = caller.heard.lastAudibleMs;
  await caller.untilQuiet(1_500, 60_000);
  return cut ? silentMs - startedMs : Number.NaN;
}

const agent = await startTransportAgentProcess({ env: { LLM: 'scripted' } });
const measured: Measured[] = [];
const waiting = [...rooms.entries()];
try {
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      measured[next[0]] = await measure(agent, next[1]);
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, work));
} finally {
  await agent.stop();
}
const load = loadavg().map((value) => Math.round(value * 10) / 10);
const rows = measured.map(({ gainDb, delayMs, interrupted, held, interruptionMs }) => {
  const stopped = interruptionMs.filter((ms) => !Number.isNaN(ms));
  return [
    gainDb <= -100 ? 'no echo' : `${gainDb} dB, ${delayMs} ms late`,
    `${interrupted} of ${sentences}`,
    `${held} of ${sentences}`,
    `${stopped.length} of ${interruptionMs.length}`,
    median(stopped).toFixed(0),
  ];
});
const header = ['room', 'interrupted itself', 'fell silent', 'callers heard', 'median ms'];
process.stdout.write(
  values.json
    ? `${JSON.stringify({ load, measured }, null, 2)}\n`
    : `${table([header, ...rows])}\n\nload ${load.join(' ')}\n`,
);
process.exitCode = measured.some(({ gainDb, interrupted }) => gainDb <= -20 && interrupted > 0)
  ? 1
  : 0;
