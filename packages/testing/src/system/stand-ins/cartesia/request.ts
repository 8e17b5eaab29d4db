import type { GenerationRequest } from '@cartesia/cartesia-js/resources/tts.js';
import { z } from 'zod';

const rawFormat = z.object({
  container: z.literal('raw'),
  encoding: z.literal('pcm_s16le'),
  sample_rate: z.union([
    z.literal(8000),
    z.literal(16_000),
    z.literal(22_050),
    z.literal(24_000),
    z.literal(44_100),
    z.literal(48_000),
  ]),
});

/** Fields that the SDK does not have would not compile. */
const generation = z.object({
  context_id: z.string().min(1),
  model_id: z.string().min(1),
  transcript: z.string(),
  voice: z.union([z.string(), z.object({ id: z.string() })]),
  output_format: rawFormat,
  language: z.string().nullish(),
  continue: z.boolean().nullish(),
  flush: z.boolean().nullish(),
  add_timestamps: z.boolean().nullish(),
  use_normalized_timestamps: z.boolean().nullish(),
  max_buffer_delay_ms: z.number().min(0).max(5000).nullish(),
} satisfies Partial<Record<keyof GenerationRequest, z.ZodType>>);

const cancellation = z.object({ context_id: z.string().min(1), cancel: z.literal(true) });

export type Generation = z.infer<typeof generation>;
export type Request = z.infer<typeof cancellation> | Generation;

/** What a client sent, or null for what the service would refuse. */
export function parseRequest(text: string): Request | null {
  try {
    const parsed = z.union([cancellation, generation]).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function voiceIdOf(voice: Generation['voice']): string {
  return typeof voice === 'string' ? voice : voice.id;
}
