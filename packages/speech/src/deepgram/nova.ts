import { z } from 'zod';
import type { Dialect, DialectSettings, Meaning } from './dialect.ts';
import type { Heard } from './heard.ts';
import { hangUp, listenTo } from './listen-to.ts';

/** Silence after which a result is final: ours ends the turn; this only brings its words sooner. */
const endpointingMs = 300;

/** Its interim results have no pace that is promised; a result is final after about 5 s at the latest. */
const longestQuietMs = 6_000;

const seconds = z.number().transform((value) => value * 1000);
const results = z.object({
  type: z.literal('Results'),
  start: seconds,
  duration: seconds,
  is_final: z.boolean().default(false),
  from_finalize: z.boolean().default(false),
  channel: z.object({
    alternatives: z
      .array(
        z.object({
          transcript: z.string(),
          words: z.array(
            z.object({
              word: z.string(),
              punctuated_word: z.string().optional(),
              start: seconds,
              end: seconds,
              confidence: z.number(),
            }),
          ),
        }),
      )
      .min(1),
  }),
});
const other = z.object({ type: z.string() });

/** Nova (`/v1/listen`): hears words; when a turn is over is ours to say. */
export function novaDialect({ model, keyterms, language }: DialectSettings): Dialect {
  return {
    longestQuietMs,
    async connect(client, events) {
      const socket = await client.listen.v1.connect({
        model,
        language,
        encoding: 'linear16',
        sample_rate: 16_000,
        channels: 1,
        interim_results: 'true',
        smart_format: 'true',
        endpointing: endpointingMs,
        ...(keyterms.length === 0 ? {} : { keyterm: [...keyterms] }),
      });
      listenTo(socket, events);
      return {
        sendSound: (pcm) => socket.sendMedia(pcm),
        askForEnd: () => socket.sendFinalize({ type: 'Finalize' }),
        keepAlive: () => socket.sendKeepAlive({ type: 'KeepAlive' }),
        close: () => hangUp(socket),
      };
    },
    read: readNova,
  };
}

function readNova(message: unknown): Meaning {
  const result = results.safeParse(message);
  if (result.success) return { type: 'heard', heard: heardFrom(result.data) };
  const { success, data } = other.safeParse(message);
  return { type: success && data.type !== 'Results' ? 'nothing' : 'garbled' };
}

function heardFrom({ start, duration, channel, ...result }: z.infer<typeof results>): Heard {
  const [best] = channel.alternatives;
  return {
    segment: {
      text: best?.transcript ?? '',
      words: (best?.words ?? []).map((word) => ({
        text: word.punctuated_word ?? word.word,
        startMs: word.start,
        endMs: word.end,
        confidence: word.confidence,
      })),
      startMs: start,
      endMs: start + duration,
      isFinal: result.is_final,
    },
    turn: null,
    isStart: false,
    isAnswer: result.from_finalize,
  };
}
