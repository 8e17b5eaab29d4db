import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { heldOutSentences } from './sentences.ts';

const run = promisify(execFile);

export interface Recording {
  readonly text: string;
  readonly file: string;
}

export interface TestVoice {
  readonly name: string;
  /** Debian's packages that it needs. */
  readonly packages: readonly string[];
  /** Never listened to while weights and options were chosen. */
  readonly isKeptAside: boolean;
  /** Makes or finds its recordings; throws when its program is not there. */
  record(folder: string): Promise<readonly Recording[]>;
}

function synthetic(
  name: string,
  options: { packages: readonly string[]; isKeptAside: boolean },
  speak: (text: string, file: string) => Promise<unknown>,
): TestVoice {
  return {
    name,
    ...options,
    async record(folder) {
      const recordings: Recording[] = [];
      for (const [index, text] of heldOutSentences.entries()) {
        const file = join(folder, `${name}-${index}.wav`);
        await speak(text, file);
        recordings.push({ text, file });
      }
      return recordings;
    },
  };
}

const flite = (voice: string, isKeptAside: boolean): TestVoice =>
  synthetic(`flite-${voice}`, { packages: ['flite'], isKeptAside }, (text, file) =>
    run('flite', ['-voice', voice, '-t', text, '-o', file]),
  );

const espeak = (voice: string, isKeptAside: boolean): TestVoice =>
  synthetic(`espeak-${voice}`, { packages: ['espeak-ng'], isKeptAside }, (text, file) =>
    run('espeak-ng', ['-v', voice, '-s', '150', '-w', file, text]),
  );

const festival = (voice: string, packages: readonly string[]): TestVoice =>
  synthetic(`festival-${voice}`, { packages, isKeptAside: true }, async (text, file) => {
    const textFile = `${file}.txt`;
    await writeFile(textFile, text);
    await run('text2wave', ['-eval', `(voice_${voice})`, '-o', file, textFile]);
  });

const promptFolder = '/usr/share/asterisk/sounds/en_US_f_Allison';
const promptTexts = '/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz';
const promptCount = 60;

/** A real person, on other subjects: telephone prompts (8 kHz) of 4 to 14 words. */
const prompts: TestVoice = {
  name: 'person (telephone prompts)',
  packages: ['asterisk-core-sounds-en', 'asterisk-core-sounds-en-wav'],
  isKeptAside: true,
  async record() {
    const texts = gunzipSync(await readFile(promptTexts)).toString();
    const all = texts.split('\n').flatMap((line) => {
      const [, name, text] = /^([\w-]+): (.+)$/.exec(line) ?? [];
      const words = text?.split(' ').length ?? 0;
      // What is in brackets or has digits is not said as it is written.
      const isPlain = text !== undefined && !/[\d[\]()<>]/.test(text) && words >= 4 && words <= 14;
      return isPlain && name !== undefined
        ? [{ text, file: join(promptFolder, `${name}.wav`) }]
        : [];
    });
    await readFile(all[0]?.file ?? promptFolder);
    const step = Math.max(1, Math.floor(all.length / promptCount));
    return all.filter((_, index) => index % step === 0).slice(0, promptCount);
  },
};

export const testVoices: readonly TestVoice[] = [
  flite('slt', false),
  flite('rms', false),
  flite('kal16', false),
  espeak('en-us', false),
  flite('awb', true),
  espeak('en-gb+f3', true),
  festival('kal_diphone', ['festival', 'festvox-kallpc16k']),
  festival('cmu_us_slt_arctic_hts', ['festival', 'festvox-us-slt-hts']),
  prompts,
];

/** 16 kHz mono samples with half a second of silence around them; `noiseDb` is the distance to the noise. */
export async function readSamples(file: string, noiseDb: number | undefined): Promise<Int16Array> {
  const raw = ['-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', '-r', '16000'];
  const shape = ['norm', '-6', 'pad', '0.5', '0.5'];
  const options = { encoding: 'buffer', maxBuffer: 1 << 26 } as const;
  const { stdout } = await run('sox', ['-R', file, ...raw, '-', 'remix', '1', ...shape], options);
  const voice = toSamples(stdout);
  if (noiseDb === undefined) return voice;
  const seconds = String(voice.length / 16_000);
  const made = await run('sox', ['-R', '-n', ...raw, '-', 'synth', seconds, 'pinknoise'], options);
  const noise = toSamples(made.stdout);
  const gain = (loudness(voice) / loudness(noise)) * 10 ** (-noiseDb / 20);
  return voice.map((sample, index) => {
    const mixed = sample + (noise[index] ?? 0) * gain;
    return Math.max(-32_768, Math.min(32_767, Math.round(mixed)));
  });
}

function toSamples(bytes: Buffer): Int16Array {
  return new Int16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)),
  );
}

/** Of what is not silence. */
function loudness(pcm: Int16Array): number {
  const loud = pcm.filter((sample) => Math.abs(sample) > 100);
  return Math.sqrt(
    loud.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, loud.length),
  );
}
