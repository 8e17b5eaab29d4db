import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TranscriptionResult } from '@voicebus/core';
import { dialogueSentences } from '@voicebus/llm/corpus';
import { OfflineRecogniser } from '../offline-recogniser/offline-recogniser.ts';
import { findProgram } from './find-program.ts';
import type { TestVoice } from './test-voices.ts';
import { readSamples, testVoices } from './test-voices.ts';
import { countedWords, wordErrors } from './word-errors.ts';

/**
 * `pnpm --filter @voicebus/speech evaluate`: word errors of the offline recogniser, per voice.
 * Options: --noise DB (distance of the voice to pink noise), --weight 0.3 (share of the domain's
 * model; 0 is the general model alone), --building (only the voices that were used while building),
 * --voice NAME (those whose name has this in it), --program FILE, --errors (prints what was misheard), --json.
 */
const { values } = parseArgs({
  options: {
    noise: { type: 'string' },
    weight: { type: 'string' },
    building: { type: 'boolean' },
    voice: { type: 'string' },
    program: { type: 'string' },
    argument: { type: 'string', multiple: true },
    errors: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const noiseDb = values.noise === undefined ? undefined : Number(values.noise);
const domainWeight = Number(values.weight ?? '0.3');

interface Row {
  readonly voice: string;
  readonly isKeptAside: boolean;
  readonly sentences: number;
  /** Words said and words wrong. */
  readonly words: number;
  readonly errors: number;
  /** Time of recognition per time of audio, on the wall. */
  readonly realTime: number;
  readonly misheard: readonly string[];
}

async function evaluateVoice(
  recogniser: OfflineRecogniser,
  voice: TestVoice,
  folder: string,
): Promise<Row> {
  const recordings = await voice.record(folder);
  const controller = new AbortController();
  let onFinal = (_: TranscriptionResult): void => {};
  let fail = (_: Error): void => {};
  const stream = await recogniser.open({
    sessionId: voice.name,
    onResult: (result) => {
      if (result.type === 'final') onFinal(result);
    },
    onError: (error) => fail(error),
    signal: controller.signal,
  });
  const row = { words: 0, errors: 0, audioMs: 0, spentMs: 0 };
  const misheard: string[] = [];
  for (const [index, { text, file }] of recordings.entries()) {
    const pcm = await readSamples(file, noiseDb);
    const startedMs = performance.now();
    const { text: heard } = await new Promise<TranscriptionResult>((resolve, reject) => {
      onFinal = resolve;
      fail = reject;
      stream.startUtterance(String(index));
      stream.write(pcm);
      stream.endUtterance(String(index));
    });
    row.spentMs += performance.now() - startedMs;
    row.audioMs += pcm.length / 16;
    const said = countedWords(text);
    const errors = wordErrors(said, countedWords(heard));
    row.words += said.length;
    row.errors += errors;
    if (errors > 0) misheard.push(`${text} → ${heard}`);
  }
  controller.abort();
  const { name, isKeptAside } = voice;
  const { words, errors } = row;
  const realTime = row.spentMs / row.audioMs;
  return {
    voice: name,
    isKeptAside,
    sentences: recordings.length,
    words,
    errors,
    realTime,
    misheard,
  };
}

function isWanted({ name, isKeptAside }: TestVoice): boolean {
  return (!values.building || !isKeptAside) && name.includes(values.voice ?? '');
}

const folder = await mkdtemp(join(tmpdir(), 'voicebus-voices-'));
const recogniser = new OfflineRecogniser({
  program: values.program ?? (await findProgram()),
  sentences: domainWeight > 0 ? dialogueSentences() : [],
  domainWeight,
  programArguments: values.argument ?? [],
  finalTimeoutMs: 60_000,
});
const rows: Row[] = [];
try {
  for (const voice of testVoices.filter(isWanted)) {
    try {
      rows.push(await evaluateVoice(recogniser, voice, folder));
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
      const line = `${voice.name} is left out (${voice.packages.join(', ')}): ${reason}\n`;
      process.stderr.write(line);
    }
  }
} finally {
  await recogniser[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const overall = (chosen: readonly Row[]): string =>
  percent(
    chosen.reduce((sum, row) => sum + row.errors, 0),
    chosen.reduce((sum, row) => sum + row.words, 0),
  );
if (values.json) {
  process.stdout.write(
    `${JSON.stringify({ noiseDb: noiseDb ?? null, domainWeight, rows }, null, 2)}\n`,
  );
} else {
  process.stdout.write(`${'voice'.padEnd(32)}sentences  word errors  time/audio\n`);
  for (const row of rows) {
    const name = `${row.voice}${row.isKeptAside ? ' *' : ''}`.padEnd(32);
    const errors = percent(row.errors, row.words).padStart(11);
    const time = row.realTime.toFixed(2).padStart(10);
    process.stdout.write(`${name}${String(row.sentences).padStart(9)}  ${errors}  ${time}\n`);
    if (values.errors) for (const line of row.misheard) process.stdout.write(`    ${line}\n`);
  }
  const kept = rows.filter((row) => row.isKeptAside);
  const aside = kept.length > 0 ? `, kept aside (*) ${overall(kept)}` : '';
  process.stdout.write(`\nall ${overall(rows)}${aside}\n`);
}
