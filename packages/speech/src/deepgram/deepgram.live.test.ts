import { readEnvironment } from '@voicebus/config';
import { describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { describe } from 'vitest';
import { OfflineVoices } from '../offline-voices/offline-voices.ts';
import { DeepgramSpeechToText } from './deepgram.ts';

const apiKey = readEnvironment()['DEEPGRAM_API_KEY'] ?? '';

// The same suite as against the stand-in: what differs is what the stand-in gets wrong.
describe.skipIf(apiKey === '')('the real service', { retry: 1 }, () => {
  for (const model of ['flux-general-en', 'nova-3']) {
    describeSpeechToText({
      name: `deepgram ${model}`,
      limitMs: 15_000,
      open: () => {
        // Sound comes faster than it is spoken here.
        const speechToText = new DeepgramSpeechToText({ apiKey, model, finalTimeoutMs: 5_000 });
        const voices = new OfflineVoices({ threads: 1 });
        return Promise.resolve({
          speechToText,
          speak: async (text) => {
            const samples: number[] = [];
            const { signal } = new AbortController();
            const spoken = { sessionId: 's', text: written(text), voice: 'deep', signal };
            for await (const part of voices.speak(spoken))
              if (part.type === 'audio') samples.push(...part.pcm);
            return Int16Array.from(samples);
          },
          // Nobody can break the real one.
          breakDown: null,
          close: async () => {
            await speechToText[Symbol.asyncDispose]();
            await voices[Symbol.asyncDispose]();
          },
        });
      },
    });
  }
});

async function* written(text: string): AsyncIterable<string> {
  yield text;
}
