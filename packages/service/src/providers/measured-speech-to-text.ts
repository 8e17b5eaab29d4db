import type { SpeechToText, TranscriptionStream, TranscriptionStreamOptions } from '@voicebus/core';
import type { Measured, ProviderMeter } from './provider-meter.ts';

const samplesPerSecond = 16_000;
/** What is not answered after so many more is not answered any more. */
const mostWaiting = 16;

/** A recogniser whose utterances are measured; it behaves like the one that it is made of. */
export function measuredSpeechToText(stt: SpeechToText, meter: ProviderMeter): SpeechToText {
  const who: Measured = { part: 'stt', provider: stt.name };
  meter.circuit(who, 'closed');
  return {
    name: stt.name,
    ...(stt.warmUp ? { warmUp: () => stt.warmUp?.() ?? Promise.resolve() } : {}),
    open: (options) => open({ stt, who, meter }, options),
    [Symbol.asyncDispose]: () => Promise.resolve(stt[Symbol.asyncDispose]()),
  };
}

async function open(
  { stt, who, meter }: { stt: SpeechToText; who: Measured; meter: ProviderMeter },
  options: TranscriptionStreamOptions,
): Promise<TranscriptionStream> {
  const { sessionId } = options;
  const beganMs = performance.now();
  /** When each utterance ended that has no final yet. */
  const ended = new Map<string, number>();
  let seconds = 0;
  const tell = (): void => {
    meter.sounded(who, { seconds, sessionId });
    seconds = 0;
  };
  const inner = await stt
    .open({
      ...options,
      onResult: (result) => {
        const endedMs = ended.get(result.utteranceId);
        if (result.type === 'final') {
          ended.delete(result.utteranceId);
          meter.ended(who, 'complete');
          tell();
          if (endedMs !== undefined)
            meter.took(who, 'final', { ms: performance.now() - endedMs, sessionId });
        }
        options.onResult(result);
      },
      onError: (error) => {
        meter.ended(who, 'failed');
        tell();
        options.onError(error);
      },
    })
    .catch((thrown: unknown) => {
      meter.ended(who, options.signal.aborted ? 'abandoned' : 'failed');
      throw thrown;
    });
  // The silence behind the last word, too.
  options.signal.addEventListener('abort', tell);
  meter.took(who, 'connect', { ms: performance.now() - beganMs, sessionId });
  return {
    startUtterance: (utteranceId) => inner.startUtterance(utteranceId),
    write: (pcm) => {
      meter.used(who, 'seconds', pcm.length / samplesPerSecond);
      seconds += pcm.length / samplesPerSecond;
      inner.write(pcm);
    },
    endUtterance: (utteranceId) => {
      ended.set(utteranceId, performance.now());
      for (const [oldest] of ended) if (ended.size > mostWaiting) ended.delete(oldest);
      inner.endUtterance(utteranceId);
    },
    [Symbol.asyncDispose]: () => {
      options.signal.removeEventListener('abort', tell);
      tell();
      return inner[Symbol.asyncDispose]();
    },
  };
}
