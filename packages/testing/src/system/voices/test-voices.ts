import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** A caller's voice: a program of a Debian package that writes a WAV file. */
export interface TestVoice {
  readonly name: string;
  /** Debian's packages that it needs, beside sox. */
  readonly packages: readonly string[];
  readonly write: (text: string, file: string) => Promise<unknown>;
}

const flite = (voice: string): TestVoice => ({
  name: `flite-${voice}`,
  packages: ['flite'],
  write: (text, file) => runProgram('flite', ['-voice', voice, '-t', text, '-o', file]),
});

const espeak = (voice: string): TestVoice => ({
  name: `espeak-${voice}`,
  packages: ['espeak-ng'],
  write: (text, file) => runProgram('espeak-ng', ['-v', voice, '-s', '150', '-w', file, text]),
});

const festival = (voice: string, packages: readonly string[]): TestVoice => ({
  name: `festival-${voice}`,
  packages: ['festival', ...packages],
  write: (text, file) =>
    runProgram('text2wave', ['-eval', `(voice_${voice})`, '-o', file], { input: text }),
});

/** People do not sound like any of these; together they vary as people do. */
export const testVoices: readonly TestVoice[] = [
  flite('slt'),
  flite('rms'),
  flite('awb'),
  flite('kal16'),
  espeak('en-us'),
  espeak('en-gb+f3'),
  festival('cmu_us_slt_arctic_hts', ['festvox-us-slt-hts']),
  festival('kal_diphone', ['festvox-kallpc16k']),
];

export function testVoice(name: string): TestVoice {
  const voice = testVoices.find((each) => each.name === name);
  if (!voice) throw new Error(`There is no test voice ${name}.`);
  return voice;
}

/** What the voice says as 16 kHz mono, at the loudness of somebody with a headset. */
export async function speak(voice: TestVoice | string, text: string): Promise<Int16Array> {
  const chosen = typeof voice === 'string' ? testVoice(voice) : voice;
  const folder = await mkdtemp(join(tmpdir(), 'voicebus-voice-'));
  try {
    const file = join(folder, 'said.wav');
    await chosen.write(text, file);
    return await readSound(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Any sound file as 16 kHz mono, its peak at −6 dB, without the silence around it. */
export async function readSound(file: string): Promise<Int16Array> {
  const raw = ['-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', '-r', '16000', '-'];
  const trim = ['silence', '1', '0', '0.1%', 'reverse', 'silence', '1', '0', '0.1%', 'reverse'];
  // -R: the same dither each time, so that a run can be repeated.
  const bytes = await runProgram('sox', ['-R', file, ...raw, 'remix', '1', 'norm', '-6', ...trim]);
  return new Int16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)),
  );
}
