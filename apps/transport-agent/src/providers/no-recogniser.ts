import type { SpeechToText } from '@voicebus/core';

/** Where the offline recogniser cannot be had: calls start all the same, and people type. */
export const noRecogniser: SpeechToText = {
  name: 'none',
  open: ({ onResult }) =>
    Promise.resolve({
      startUtterance: () => {},
      write: () => {},
      endUtterance: (utteranceId) => onResult({ type: 'final', utteranceId, text: '' }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
