import { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { VirtualCaller } from '../caller/virtual-caller.ts';
import { startTransportAgentProcess } from '../process/transport-agent-process.ts';
import { noise } from '../sound/sounds.ts';
import { speak } from '../voices/test-voices.ts';
import { table } from './statistics.ts';
import { wordErrors, wordsOf } from './word-errors.ts';

/**
 * `measure-false-alarms.ts [--times 20] [--json]`: coughs and "mm-hm"s over the bot's sentences. The page
 * falls silent at once; does the bot go on, and is every word heard, once?
 */
const { values } = parseArgs({
  options: { times: { type: 'string', default: '20' }, json: { type: 'boolean' } },
});
const times = Number(values.times);
/** The scripted model knows this many sentences. */
const sentences = 5;

/** A burst of breath of a fifth of a second that dies away. */
function cough(): Int16Array {
  const breath = noise(3_200, 12_000);
  return breath.map((sample, index) => Math.round(sample * Math.exp(-index / 900)));
}

const recogniser = new OfflineRecogniser({
  program: process.env['VOICEBUS_RECOGNISER_BIN'] ?? '',
  finalTimeoutMs: 30_000,
});

async function recognise(pcm: Int16Array): Promise<readonly string[]> {
  const final = Promise.withResolvers<string>();
  const controller = new AbortController();
  const stream = await recogniser.open({
    sessionId: 'what was heard',
    onResult: ({ type, text }) => type === 'final' && final.resolve(text),
    onError: final.reject,
    signal: controller.signal,
  });
  stream.startUtterance('all');
  stream.write(new Int16Array(8_000));
  stream.write(pcm);
  stream.write(new Int16Array(8_000));
  stream.endUtterance('all');
  const text = await final.promise;
  controller.abort();
  return wordsOf(text);
}

/** What left the loudspeaker while sentence number `index` was spoken, with this sound over it. */
async function hear(
  caller: VirtualCaller,
  index: number,
  sound: Int16Array | null,
): Promise<{ pcm: Int16Array; verdicts: readonly string[]; isWhole: boolean }> {
  const after = caller.events.lastSequence;
  const fromMs = performance.now();
  caller.type(`sentence ${index % sentences}`);
  const { arrivedMs } = await caller.untilSound(fromMs);
  if (sound) {
    await caller.untilSound(arrivedMs + 900);
    // As the page does: silent at the onset, with what it had played.
    caller.hold();
    await caller.say(sound);
  }
  const { interrupted } = await caller.untilEvent('bot-stopped-speaking', {
    after,
    limitMs: 30_000,
  });
  await caller.untilQuiet(700);
  const verdicts = caller.events
    .of('interruption')
    .filter(({ sequence, by }) => sequence > after && by === 'voice')
    .map(({ verdict }) => verdict);
  return { pcm: caller.heard.recording(fromMs), verdicts, isWhole: !interrupted };
}

const agent = await startTransportAgentProcess({ env: { LLM: 'scripted' } });
const kinds: readonly (readonly [string, Int16Array])[] = [
  ['cough', cough()],
  ['"mm-hm"', await speak('flite-slt', 'uh huh')],
];
const results: { name: string; resumed: number; extraWords: number[] }[] = [];
try {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  const undisturbed: (readonly string[])[] = [];
  for (let index = 0; index < sentences; index += 1)
    undisturbed.push(await recognise((await hear(caller, index, null)).pcm));
  for (const [name, sound] of kinds) {
    const result = { name, resumed: 0, extraWords: [] as number[] };
    for (let index = 0; index < times; index += 1) {
      const { pcm, verdicts, isWhole } = await hear(caller, index, sound);
      if (isWhole && !verdicts.includes('interrupt')) result.resumed += 1;
      const expected = undisturbed[index % sentences] ?? [];
      result.extraWords.push(wordErrors(expected, await recognise(pcm)));
    }
    results.push(result);
  }
  await caller.close();
} finally {
  await agent.stop();
  await recogniser[Symbol.asyncDispose]();
}
const load = loadavg().map((value) => Math.round(value * 10) / 10);
const rows = results.map(({ name, resumed, extraWords }) => [
  name,
  `${resumed} of ${times}`,
  `${extraWords.filter((words) => words === 0).length} of ${times}`,
  // The word in which the page fell silent is begun anew.
  `${extraWords.filter((words) => words <= 1).length} of ${times}`,
]);
const header = ['over the bot', 'it went on', 'same words', 'but for one'];
process.stdout.write(
  values.json
    ? `${JSON.stringify({ load, results }, null, 2)}\n`
    : `${table([header, ...rows])}\n\nload ${load.join(' ')}\n`,
);
process.exitCode = results.some(({ resumed }) => resumed < times) ? 1 : 0;
