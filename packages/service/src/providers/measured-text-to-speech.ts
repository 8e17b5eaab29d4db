import type { SpeakOptions, SpeechPart, TextToSpeech } from '@voicebus/core';
import type { Measured, Outcome, ProviderMeter } from './provider-meter.ts';

/** Voices whose messages are measured; they behave like those that they are made of. */
export function measuredTextToSpeech(tts: TextToSpeech, meter: ProviderMeter): TextToSpeech {
  const who: Measured = { part: 'tts', provider: tts.name };
  meter.circuit(who, 'closed');
  return {
    name: tts.name,
    voices: tts.voices,
    ...(tts.warmUp ? { warmUp: () => tts.warmUp?.() ?? Promise.resolve() } : {}),
    speak: (options) => speak({ tts, who, meter }, options),
    [Symbol.asyncDispose]: () => Promise.resolve(tts[Symbol.asyncDispose]()),
  };
}

async function* speak(
  { tts, who, meter }: { tts: TextToSpeech; who: Measured; meter: ProviderMeter },
  options: SpeakOptions,
): AsyncIterable<SpeechPart> {
  const { sessionId } = options;
  let givenMs: number | null = null;
  let characters = 0;
  let seconds = 0;
  let outcome: Outcome = 'abandoned';
  let isTold = false;
  /** At once where it is interrupted: the turn that it belongs to ends in the same breath. */
  const tell = (): void => {
    if (!isTold) meter.sounded(who, { seconds, sessionId });
    isTold = true;
  };
  options.signal.addEventListener('abort', tell);
  const counted = async function* (): AsyncIterable<string> {
    for await (const piece of options.text) {
      characters += piece.length;
      if (/[\p{L}\p{N}]/u.test(piece)) givenMs ??= performance.now();
      yield piece;
    }
  };
  try {
    for await (const part of tts.speak({ ...options, text: counted() })) {
      if (part.type === 'audio') {
        if (seconds === 0 && givenMs !== null)
          meter.took(who, 'first-byte', { ms: performance.now() - givenMs, sessionId });
        seconds += part.pcm.length / part.sampleRateHz;
      }
      yield part;
    }
    // Voices that are interrupted end without an error.
    if (!options.signal.aborted) outcome = 'complete';
  } catch (thrown) {
    outcome = 'failed';
    throw thrown;
  } finally {
    options.signal.removeEventListener('abort', tell);
    tell();
    meter.used(who, 'characters', characters);
    meter.used(who, 'seconds', seconds);
    meter.ended(who, outcome);
  }
}
