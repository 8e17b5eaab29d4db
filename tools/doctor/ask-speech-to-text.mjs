// Asks the recogniser's service whether it takes the settings, and prints what it says as JSON. Without the
// key: what prints it is one mistake away from a log.
import { deepgramConfig } from '../../packages/config/src/index.ts';
import { faultOf, VoicebusError } from '../../packages/core/src/index.ts';
import { DeepgramSpeechToText } from '../../packages/speech/src/deepgram/deepgram.ts';

const given = Object.entries(deepgramConfig()).filter(([, value]) => value !== null);
const recogniser = new DeepgramSpeechToText({
  ...Object.fromEntries(given),
  connectTimeoutMs: 10_000,
});
const answer = await recogniser.warmUp().then(
  () => ({ works: true }),
  (error) => ({
    problem: error.message,
    fault: error instanceof VoicebusError ? faultOf(error) : null,
  }),
);
await recogniser[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify(answer));
