import type { SessionEventType } from '@voicebus/protocol';
import { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { VirtualCaller } from '../caller/virtual-caller.ts';
import { startTransportAgentProcess } from '../process/transport-agent-process.ts';
import { cough, join } from '../sound/sounds.ts';
import { soundSpans } from '../sound/sound-spans.ts';
import { speak } from '../voices/test-voices.ts';
import { findSound } from './find-sound.ts';
import { table } from './statistics.ts';
import { wordErrors, wordsOf } from './word-errors.ts';

/**
 * `measure-false-alarms.ts [--times 20] [--json]`: coughs and words of listening over the bot's sentences. The page
 * falls silent at once; does the bot go on, and is every word heard, once? What was heard is the recording
 * without what came while the page was silent. Where in the sentence the bot went on is found by its waveform
 * in the same sentence undisturbed: not after the place where the page fell silent, or sound would be lost, and
 * not more than a word before. Then the recording without the word that was broken off is recognised.
 */
const { values } = parseArgs({
  options: { times: { type: 'string', default: '20' }, json: { type: 'boolean' } },
});
const times = Number(values.times);
/** The scripted model knows this many sentences. */
const sentences = 5;

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

/** A sentence as the caller heard it. */
interface HeardSentence {
  readonly isWhole: boolean;
  readonly verdicts: readonly string[];
  /** What the recogniser made of the sound over it. */
  readonly misheard: readonly string[];
  /** Up to where the page fell silent; all of it, where nothing was over it. */
  readonly before: Int16Array;
  /** From where the bot went on. */
  readonly after: Int16Array;
}

const samplesPerMs = 16;
const beginning = (pcm: Int16Array): number => soundSpans(pcm)[0]?.startMs ?? 0;

/** Sentence number `index`, with this sound over it. */
async function hear(
  caller: VirtualCaller,
  index: number,
  sound: Int16Array | null,
): Promise<HeardSentence> {
  const after = caller.events.lastSequence;
  const fromMs = performance.now();
  caller.type(`sentence ${index % sentences}`);
  const { arrivedMs } = await caller.untilSound(fromMs);
  let [silentMs, goesOnMs] = [Infinity, Infinity];
  if (sound) {
    await caller.untilSound(arrivedMs + 900);
    // As the page does: silent at the onset, with what it had played, until there is a verdict.
    silentMs = performance.now();
    const verdict = caller.untilVerdict(caller.hold());
    await caller.say(sound);
    goesOnMs = (await verdict).arrivedMs;
  }
  const { interrupted } = await caller.untilEvent('bot-stopped-speaking', {
    after,
    limitMs: 30_000,
  });
  await caller.untilQuiet(700);
  const since = <Type extends SessionEventType>(type: Type) =>
    caller.events.of(type).filter(({ sequence }) => sequence > after);
  return {
    isWhole: !interrupted,
    verdicts: since('interruption').flatMap(({ by, verdict }) => (by === 'voice' ? [verdict] : [])),
    misheard: since('transcript-interim').map(({ text }) => text),
    before: caller.heard.recording(fromMs, silentMs),
    after: caller.heard.recording(goesOnMs),
  };
}

interface Continuation {
  /** Said again, in ms of sound; below 0: not said. */
  readonly againMs: number;
  readonly likeness: number;
  /** All of it, without the word that was broken off. */
  readonly whole: Int16Array;
}

/** How the bot went on, by the same sentence undisturbed. */
function continuationOf(undisturbed: Int16Array, { before, after }: HeardSentence): Continuation {
  const start = beginning(undisturbed);
  const sentence = undisturbed.subarray(start * samplesPerMs);
  const afterStart = beginning(after) * samplesPerMs;
  const piece = after.subarray(afterStart, afterStart + 400 * samplesPerMs);
  const { atMs, likeness } = findSound(sentence, piece);
  const playedMs = before.length / samplesPerMs - beginning(before);
  const from = beginning(before) * samplesPerMs;
  const first = before.subarray(0, from + Math.min(playedMs, atMs) * samplesPerMs);
  return { againMs: playedMs - atMs, likeness, whole: join(first, after.subarray(afterStart)) };
}

const agent = await startTransportAgentProcess({ env: { LLM: 'scripted' } });
const listening = ['uh huh', 'yeah', 'okay', 'right'];
const kinds: readonly (readonly [string, readonly Int16Array[]])[] = [
  ['cough', [cough()]],
  [
    listening.join(', '),
    await Promise.all(listening.map(async (words) => speak('flite-slt', words))),
  ],
];
interface Result {
  readonly name: string;
  resumed: number;
  readonly misheard: string[];
  readonly againMs: number[];
  readonly likeness: number[];
  readonly wordErrors: number[];
}
const results: Result[] = [];
try {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  const undisturbed: { pcm: Int16Array; words: readonly string[] }[] = [];
  for (let index = 0; index < sentences; index += 1) {
    const { before: pcm } = await hear(caller, index, null);
    undisturbed.push({ pcm, words: await recognise(pcm) });
  }
  for (const [name, sounds] of kinds) {
    const result: Result = {
      name,
      resumed: 0,
      misheard: [],
      againMs: [],
      likeness: [],
      wordErrors: [],
    };
    results.push(result);
    for (let index = 0; index < times; index += 1) {
      const heard = await hear(caller, index, sounds[index % sounds.length] ?? null);
      const expected = undisturbed[index % sentences];
      if (!heard.isWhole || heard.verdicts.includes('interrupt') || !expected) {
        result.misheard.push(heard.misheard.at(-1) ?? '');
        continue;
      }
      result.resumed += 1;
      const { againMs, likeness, whole } = continuationOf(expected.pcm, heard);
      result.againMs.push(Math.round(againMs));
      result.likeness.push(Math.round(likeness * 100) / 100);
      result.wordErrors.push(wordErrors(expected.words, await recognise(whole)));
    }
  }
  await caller.close();
} finally {
  await agent.stop();
  await recogniser[Symbol.asyncDispose]();
}
const load = loadavg().map((value) => Math.round(value * 10) / 10);
const of = (values: readonly number[], fits: (value: number) => boolean): string =>
  `${values.filter(fits).length} of ${values.length}`;
const rows = results.map(({ name, resumed, againMs, wordErrors: errors }) => [
  name,
  `${resumed} of ${times}`,
  // A packet is 20 ms.
  of(againMs, (ms) => ms >= -20),
  `${Math.min(...againMs)} to ${Math.max(...againMs)} ms`,
  of(errors, (count) => count === 0),
]);
const header = ['over the bot', 'it went on', 'nothing lost', 'said again', 'same words'];
process.stdout.write(
  values.json
    ? `${JSON.stringify({ load, results }, null, 2)}\n`
    : `${table([header, ...rows])}\n\nload ${load.join(' ')}\n`,
);
process.exitCode = results.some(({ resumed }) => resumed < times) ? 1 : 0;
