import { describeTextToSpeech } from '@voicebus/testing/text-to-speech-conformance';
import { OfflineVoices } from './offline-voices.ts';

describeTextToSpeech({
  name: 'offline',
  // A second for three sentences, on a machine with nothing else to do.
  limitMs: 15_000,
  open: () => {
    const textToSpeech = new OfflineVoices({ threads: 1 });
    return Promise.resolve({
      textToSpeech,
      failNext: null,
      close: () => textToSpeech[Symbol.asyncDispose](),
    });
  },
});
