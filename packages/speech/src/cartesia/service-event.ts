import type { WebsocketResponse } from '@cartesia/cartesia-js/resources/tts.js';
import type { WordTiming } from '@voicebus/core';
import type { ServiceRefusal } from './cartesia-error.ts';

/** What the service says about one context. */
export type ServiceEvent =
  | { readonly type: 'sound'; readonly bytes: Uint8Array; readonly flushId: number | null }
  | {
      readonly type: 'words';
      readonly words: readonly WordTiming[];
      readonly flushId: number | null;
    }
  | { readonly type: 'flushed'; readonly flushId: number }
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly refusal: ServiceRefusal };

/**
 * The SDK passes on whatever JSON comes. Null: not of the shape that its types promise. Kinds that are new to
 * us are `ignored`: the protocol may add some.
 */
export function readEvent(event: WebsocketResponse): ServiceEvent | 'ignored' | null {
  switch (event.type) {
    case 'chunk':
      return event.audio instanceof Uint8Array
        ? { type: 'sound', bytes: event.audio, flushId: event.flush_id ?? null }
        : null;
    case 'timestamps':
      return readWords(event);
    case 'flush_done':
      return Number.isInteger(event.flush_id) ? { type: 'flushed', flushId: event.flush_id } : null;
    case 'done':
      return { type: 'done' };
    case 'error':
      return { type: 'refused', refusal: readRefusal(event) };
    default:
      return 'ignored';
  }
}

function readWords({ word_timestamps, flush_id }: WebsocketResponse.Timestamps) {
  const { words, start, end } = word_timestamps ?? { words: [], start: [], end: [] };
  if (![words, start, end].every(Array.isArray)) return null;
  const timed = words.map((text, index) => ({
    text,
    startMs: (start[index] ?? Number.NaN) * 1000,
    endMs: (end[index] ?? Number.NaN) * 1000,
  }));
  const isSound = timed.every(
    ({ text, startMs, endMs }) =>
      typeof text === 'string' && Number.isFinite(startMs) && Number.isFinite(endMs),
  );
  return isSound ? { type: 'words' as const, words: timed, flushId: flush_id ?? null } : null;
}

/** Of an `error` message, or of the body that a WebSocket is refused with. */
export function readRefusal(said: unknown, status?: number): ServiceRefusal {
  const fields = typeof said === 'object' && said !== null ? said : {};
  const text = (name: string): string => {
    const value: unknown = Object.entries(fields).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? value : '';
  };
  const given: unknown = 'status_code' in fields ? fields.status_code : null;
  return {
    status: status ?? (typeof given === 'number' ? given : 500),
    code: text('error_code'),
    said: [text('title'), text('message')].filter((part) => part !== '').join(': '),
  };
}
