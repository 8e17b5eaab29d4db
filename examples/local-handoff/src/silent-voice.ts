import type { TextToSpeech } from '@voicebus/core';

/** For callers who read: never asked to speak. */
export const silentVoice: TextToSpeech = {
  name: 'silent',
  voices: ['bright', 'deep'],
  async *speak() {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
