import type { WordTiming } from '@voicebus/core';
import type { UtteranceMessage } from '../local-transcription/recogniser-channel.ts';

/** What the recogniser's program says, one per line. */
export type RecogniserMessage = { readonly type: 'ready' } | UtteranceMessage;

/** Undefined for a line that the program never writes. */
export function parseRecogniserMessage(line: string): RecogniserMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { type, utterance, text } = value;
  if (type === 'ready') return { type };
  if (typeof utterance !== 'number' || typeof text !== 'string') return undefined;
  if (type === 'partial') return { type, utterance, text };
  if (type !== 'final') return undefined;
  const words = Array.isArray(value['words']) ? value['words'].filter(isWordTiming) : [];
  return { type, utterance, text, words };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWordTiming(value: unknown): value is WordTiming {
  return (
    isRecord(value) &&
    typeof value['text'] === 'string' &&
    typeof value['startMs'] === 'number' &&
    typeof value['endMs'] === 'number'
  );
}
