import { speak, type TestVoice } from '../voices/test-voices.ts';

/** Those whose programs are there; says how to get the others. */
export async function installed(wanted: readonly TestVoice[]): Promise<TestVoice[]> {
  const found: TestVoice[] = [];
  for (const voice of wanted) {
    try {
      await speak(voice, 'Hello.');
      found.push(voice);
    } catch {
      process.stderr.write(
        `${voice.name} is left out: apt-get install ${voice.packages.join(' ')}\n`,
      );
    }
  }
  return found;
}
