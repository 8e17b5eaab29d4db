import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dialogueSentences } from '@voicebus/llm/corpus';
import { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';
import { testVoices, type TestVoice } from '../voices/test-voices.ts';
import { callCases, type CallCase } from './call-cases.ts';
import { followCaller, type CallResult } from './call-flow.ts';
import { describeCalls } from './describe-calls.ts';
import { developmentCases } from './development-cases.ts';
import { HeardSpeech } from './heard-speech.ts';
import { installed } from './installed-voices.ts';
import { TextLine } from './text-line.ts';

/**
 * `evaluate-understanding.ts [--held-out] [--every 3] [--typed] [--voices …] [--noise-db 15] [--json]`: whole calls
 * as `evaluate-calls` makes them, but without media and without real time: sentences are spoken into the
 * recogniser as fast as it takes them, and what it hears goes to the dialogue model as text. On the
 * development sentences, which may be tuned on; `--held-out` on those that may not. `--typed` leaves the
 * recogniser out, `--raw` the noise suppression, `--weight 0` the model of the domain's sentences. What
 * took part in a run is kept in the temporary folder.
 */
const { values } = parseArgs({
  options: {
    'held-out': { type: 'boolean' },
    every: { type: 'string', default: '1' },
    typed: { type: 'boolean' },
    voices: { type: 'string' },
    'noise-db': { type: 'string' },
    argument: { type: 'string', multiple: true },
    weight: { type: 'string', default: '0.3' },
    raw: { type: 'boolean' },
    parallel: { type: 'string', default: '2' },
    json: { type: 'boolean' },
  },
});
const allCases = values['held-out'] ? callCases : developmentCases;
const cases = allCases.filter((_, index) => index % Number(values.every) === 0);
const noiseDb = values['noise-db'] === undefined ? undefined : Number(values['noise-db']);
/** What is heard depends on it, too. */
const suppressor = new URL('../../../../speech/src/noise/noise-suppressor.ts', import.meta.url);
const folder = join(tmpdir(), 'voicebus-understanding');

async function evaluateSpoken(): Promise<VoicedResult[]> {
  const chosen = values.voices?.split(',');
  const wanted = testVoices.filter(({ name }) => chosen?.includes(name) ?? true);
  const voices = await installed(wanted);
  const program = process.env['VOICEBUS_RECOGNISER_BIN'] ?? '';
  const sentences = dialogueSentences();
  const programArguments = values.argument ?? [];
  await using recogniser = new OfflineRecogniser({
    program,
    sentences,
    programArguments,
    domainWeight: Number(values.weight),
    noiseSuppression: values.raw !== true,
    // The audio of a whole sentence comes at once.
    finalTimeoutMs: 60_000,
  });
  const recogniserKey = createHash('sha256')
    .update(await readFile(program))
    .update(await readFile(suppressor))
    .update(JSON.stringify([sentences, programArguments, values.weight, values.raw]))
    .digest('hex');
  const results: VoicedResult[] = [];
  const waiting = voices.flatMap((voice) => cases.map((each) => ({ voice, wanted: each })));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { voice } = next;
      const ears = new HeardSpeech({ voice, noiseDb, recogniser, folder, recogniserKey });
      const line = new TextLine((text) => ears.hear(text));
      results.push({ voice: voice.name, ...(await followCaller(next.wanted, line)) });
      ears.close();
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, work));
  return results.toSorted((one, other) => place(one, voices) - place(other, voices));
}

interface VoicedResult extends CallResult {
  readonly voice: string;
}

/** Voice by voice, each in the order of the sentences. */
function place({ voice, need }: VoicedResult, voices: readonly TestVoice[]): number {
  const at = voices.findIndex(({ name }) => name === voice);
  return at * cases.length + cases.findIndex((wanted) => wanted.need === need);
}

async function evaluateTyped(): Promise<VoicedResult[]> {
  const type = (wanted: CallCase): Promise<CallResult> =>
    followCaller(wanted, new TextLine((text) => Promise.resolve(text)));
  const results = await Promise.all(cases.map(type));
  return results.map((result) => ({ voice: 'typed', ...result }));
}

await mkdir(folder, { recursive: true });
const results = values.typed ? await evaluateTyped() : await evaluateSpoken();
process.stdout.write(
  values.json ? `${JSON.stringify(results, null, 2)}\n` : describeCalls(results),
);
