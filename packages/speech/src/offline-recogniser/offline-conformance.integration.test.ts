import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { OfflineVoices } from '../offline-voices/offline-voices.ts';
import { OfflineRecogniser } from './offline-recogniser.ts';

const program = process.env['VOICEBUS_RECOGNISER_BIN'];
if (program === undefined || program === '') {
  throw new Error('set VOICEBUS_RECOGNISER_BIN to the program that tools/recogniser builds');
}

describeSpeechToText({
  name: 'offline',
  // Half a second to start and a fifth of real time to decode, on a machine with nothing else to do.
  limitMs: 30_000,
  open: () => {
    const speechToText = new OfflineRecogniser({
      program,
      finalTimeoutMs: 20_000,
      startTimeoutMs: 60_000,
      sentences: ['where is my order', 'i would like to return my shoes'],
    });
    const voices = new OfflineVoices({ threads: 1 });
    const children = new Set<ChildProcess>();
    const onSpawn = (message: unknown): void => {
      children.add((message as { process: ChildProcess }).process);
    };
    subscribe('child_process', onSpawn);
    return Promise.resolve({
      speechToText,
      speak: async (text) => {
        const samples: number[] = [];
        const { signal } = new AbortController();
        const parts = voices.speak({ sessionId: 's', text: written(text), voice: 'deep', signal });
        for await (const part of parts) if (part.type === 'audio') samples.push(...part.pcm);
        return Int16Array.from(samples);
      },
      breakDown: () => {
        for (const child of children) child.kill('SIGKILL');
      },
      close: async () => {
        unsubscribe('child_process', onSpawn);
        await speechToText[Symbol.asyncDispose]();
        await voices[Symbol.asyncDispose]();
      },
    });
  },
});

async function* written(text: string): AsyncIterable<string> {
  yield text;
}
