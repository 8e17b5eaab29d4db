import { z } from 'zod';
import { fatalError } from './deepgram-error.ts';
import type { Dialect, DialectSettings, Meaning } from './dialect.ts';
import type { Heard } from './heard.ts';
import { hangUp, listenTo } from './listen-to.ts';

/**
 * "Values of 0.3 to 0.5 save 150 to 250 ms and cost 50 to 70 % more model calls": the careful end of that
 * range, since whoever starts a model early pays for each start.
 */
const eagerThreshold = 0.5;
/** The service's default, said here because the two must not cross. */
const endThreshold = 0.7;
/** The default, too: our own silence rule asks for the end long before. */
const endTimeoutMs = 5_000;

/** It reports on every 250 ms of sound, also of silence: ten reports are missing. */
const longestQuietMs = 2_500;

const seconds = z.number().transform((value) => value * 1000);
const turnInfo = z.object({
  type: z.literal('TurnInfo'),
  event: z.string(),
  audio_window_start: seconds,
  audio_window_end: seconds,
  transcript: z.string(),
  words: z.array(
    z.object({
      word: z.string(),
      confidence: z.number(),
      start: seconds.optional(),
      end: seconds.optional(),
    }),
  ),
  trigger: z.string().optional(),
});
const fatal = z.object({ type: z.literal('Error'), code: z.string() });
const other = z.object({ type: z.string() });

/** Flux (`/v2/listen`): hears turns, and says when one is over. */
export function fluxDialect({ model, keyterms }: DialectSettings): Dialect {
  return {
    longestQuietMs,
    async connect(client, events) {
      const socket = await client.listen.v2.connect({
        model,
        encoding: 'linear16',
        sample_rate: 16_000,
        eager_eot_threshold: eagerThreshold,
        eot_threshold: endThreshold,
        eot_timeout_ms: endTimeoutMs,
        ...(keyterms.length === 0 ? {} : { keyterm: [...keyterms] }),
      });
      listenTo(socket, events);
      return {
        sendSound: (pcm) => socket.sendMedia(pcm),
        askForEnd: () => socket.sendForceEndTurn({ type: 'ForceEndTurn' }),
        keepAlive: null,
        close: () => hangUp(socket),
      };
    },
    read: readFlux,
  };
}

function readFlux(message: unknown): Meaning {
  const info = turnInfo.safeParse(message);
  if (info.success) return { type: 'heard', heard: heardFrom(info.data) };
  const error = fatal.safeParse(message);
  if (error.success) {
    const { code } = error.data;
    const isUnknownRequest = code === 'UNPARSABLE_CLIENT_MESSAGE';
    return { type: 'failed', error: fatalError(code), isUnknownRequest };
  }
  const { success, data } = other.safeParse(message);
  return { type: success && data.type !== 'TurnInfo' ? 'nothing' : 'garbled' };
}

const turns: Readonly<Record<string, Heard['turn']>> = {
  EagerEndOfTurn: 'eager-end',
  TurnResumed: 'resumed',
  EndOfTurn: 'ended',
};

function heardFrom(info: z.infer<typeof turnInfo>): Heard {
  const words = info.words.flatMap(({ word, confidence, start, end }) =>
    start === undefined || end === undefined
      ? []
      : [{ text: word, confidence, startMs: start, endMs: end }],
  );
  const hasTimes = words.length === info.words.length;
  return {
    segment: {
      text: info.transcript,
      words: hasTimes ? words : [],
      startMs: info.audio_window_start,
      endMs: info.audio_window_end,
      isFinal: info.event === 'EndOfTurn',
    },
    turn: turns[info.event] ?? 'runs',
    isStart: info.event === 'StartOfTurn',
    isAnswer: info.trigger === 'manual',
  };
}
