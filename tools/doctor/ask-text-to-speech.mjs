// Asks the voices' service whether it takes the settings, and prints what it says as JSON. Without the key:
// what prints it is one mistake away from a log.
import { cartesiaConfig } from '../../packages/config/src/index.ts';
import { faultOf, VoicebusError } from '../../packages/core/src/index.ts';
import { CartesiaVoices } from '../../packages/speech/src/cartesia/cartesia-voices.ts';

const voices = new CartesiaVoices({ ...cartesiaConfig(), connectMs: 10_000 });

/** One word by each voice: a key may be right while a model or a voice is not. */
async function tryVoices() {
  await voices.warmUp();
  for (const voice of voices.voices) {
    const signal = AbortSignal.timeout(10_000);
    const spoken = voices.speak({ sessionId: 'doctor', text: word(), voice, signal });
    for await (const part of spoken) if (part.type === 'audio') break;
  }
}

async function* word() {
  yield 'Hello.';
}

const answer = await tryVoices().then(
  () => ({ works: true }),
  (error) => ({
    problem: error.message,
    fault: error instanceof VoicebusError ? faultOf(error) : null,
  }),
);
await voices[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify(answer));
