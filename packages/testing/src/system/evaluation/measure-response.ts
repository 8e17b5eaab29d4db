import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { MediasoupEcho } from '../caller/mediasoup-echo.ts';
import { VirtualCaller } from '../caller/virtual-caller.ts';
import { scriptedProviders } from '../process/scripted-providers.ts';
import { startTransportAgentProcess } from '../process/transport-agent-process.ts';
import { tone } from '../sound/sounds.ts';
import { speak } from '../voices/test-voices.ts';
import { median, quantile, table } from './statistics.ts';
import { stageNames, turnStages, type TurnStages } from './turn-stages.ts';

/**
 * `measure-response.ts [--turns 20] [--ours] [--json]`: how long a caller waits for the first sample of an answer.
 *
 * Twice: with the offline providers, stage by stage; and the part that is ours alone, which is the answer
 * to a tone with a recogniser, a model and a voice that take no time and no silence waited for, less what
 * the same tone takes to come back from a bare mediasoup in the same run. The detector goes by the end of
 * its window of 32 ms, so that half a window is waited for in the mean. `--ours` measures this alone.
 */
const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '20' },
    ours: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const turns = Number(values.turns);

interface Turn {
  /** Last sample said to first sample heard. */
  readonly responseMs: number;
  readonly stages: TurnStages | null;
}

async function takeTurn(caller: VirtualCaller, pcm: Int16Array): Promise<Turn> {
  const after = caller.events.lastSequence;
  const { endedMs } = await caller.say(pcm);
  const { turnId } = await caller.untilEvent('transcript-final', { after });
  const { arrivedMs } = await caller.untilSound(endedMs);
  await caller.untilQuiet(1_200, 60_000);
  return { responseMs: arrivedMs - endedMs, stages: turnStages(caller.events.all, turnId) };
}

async function measureOffline(): Promise<Turn[]> {
  const agent = await startTransportAgentProcess();
  const said = await Promise.all(
    ['Hello there.', 'How are you?', 'Thank you.', 'Who are you?'].map((text) =>
      speak('flite-slt', text),
    ),
  );
  try {
    const caller = await VirtualCaller.call({ url: agent.url });
    await caller.untilSound(0);
    await caller.untilQuiet(1_200);
    const measured: Turn[] = [];
    for (let index = 0; index < turns; index += 1)
      measured.push(await takeTurn(caller, said[index % said.length] ?? new Int16Array()));
    await caller.close();
    return measured;
  } finally {
    await agent.stop();
  }
}

async function measureOurs(): Promise<{ echoMs: number[]; turns: Turn[] }> {
  const instant = { ...scriptedProviders, VAD: 'scripted' };
  const agent = await startTransportAgentProcess({ env: { ...instant, TURN_ENDPOINT_MS: '0' } });
  const echo = await MediasoupEcho.start(process.env['MEDIASOUP_WORKER_BIN'] ?? '');
  // Shorter than a second: the script hears the same words each time.
  const sound = tone(300, 400);
  try {
    const caller = await VirtualCaller.call({ url: agent.url });
    await caller.untilSound(0);
    // The first seconds of a call are stricter about what is speech.
    await caller.untilQuiet(3_000);
    const measured: { echoMs: number[]; turns: Turn[] } = { echoMs: [], turns: [] };
    for (let index = 0; index < turns; index += 1) {
      measured.echoMs.push(await echoOf(echo, sound));
      measured.turns.push(await takeTurn(caller, sound));
    }
    await caller.close();
    return measured;
  } finally {
    await echo.close();
    await agent.stop();
  }
}

/** First sample said to first sample back. */
async function echoOf({ heard, microphone }: MediasoupEcho, pcm: Int16Array): Promise<number> {
  const askedMs = performance.now();
  const { startedMs } = await microphone.say(pcm);
  const first = heard.firstAudibleAfter(askedMs);
  if (!first) throw new Error('The echo is silent.');
  return first.arrivedMs - startedMs;
}

const ours = await measureOurs();
const offline = values.ours ? [] : await measureOffline();
const echoMs = median(ours.echoMs);
const responses = ours.turns.map(({ responseMs }) => responseMs - echoMs);
const stagesOf = (measured: readonly Turn[], name: keyof TurnStages): number[] =>
  measured.flatMap(({ stages }) => (stages ? [stages[name]] : []));
const summary = (list: readonly number[]): { medianMs: number; p95Ms: number } => ({
  medianMs: Math.round(median(list) * 10) / 10,
  p95Ms: Math.round(quantile(list, 0.95) * 10) / 10,
});
const waterfall = (measured: readonly Turn[]): Record<string, ReturnType<typeof summary>> => ({
  ...Object.fromEntries(stageNames.map((name) => [name, summary(stagesOf(measured, name))])),
});
const result = {
  turns,
  load: loadavg().map((value) => Math.round(value * 10) / 10),
  offline: {
    response: summary(offline.map(({ responseMs }) => responseMs)),
    stages: waterfall(offline),
  },
  ours: {
    echo: summary(ours.echoMs),
    response: summary(ours.turns.map(({ responseMs }) => responseMs)),
    withoutEcho: summary(responses),
    stages: waterfall(ours.turns),
  },
};

const row = (name: string, { medianMs, p95Ms }: ReturnType<typeof summary>): string[] => [
  name,
  medianMs.toFixed(1),
  p95Ms.toFixed(1),
];
const written = table([
  ['milliseconds', 'median', 'p95'],
  ...(values.ours
    ? []
    : [
        ...Object.entries(result.offline.stages).map(([name, stage]) => row(`  ${name}`, stage)),
        row('offline: response at the ear', result.offline.response),
      ]),
  ...Object.entries(result.ours.stages).map(([name, stage]) => row(`  ${name}`, stage)),
  row('ours: response at the ear', result.ours.response),
  row('ours: mediasoup echo', result.ours.echo),
  row('ours: response less echo', result.ours.withoutEcho),
]);
process.stdout.write(
  values.json
    ? `${JSON.stringify(result, null, 2)}\n`
    : `${written}\n\n${turns} turns, load ${result.load.join(' ')}\n`,
);
