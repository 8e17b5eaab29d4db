import { runnerRecordSchema, workerRecordSchema, type RunnerRecord } from '@voicebus/protocol';
import { z } from 'zod';

/** What a runner says of itself but for its workers: small, and said twice a second. */
export const runnerSummarySchema = runnerRecordSchema.omit({ workers: true });

const renewed = z.object({
  kind: z.literal('renewed'),
  from: z.string(),
  /** Counts the changes of its workers; 0 before the first. */
  revision: z.number().int(),
  /** Counts its inboxes: a new one has lost what waited in the last. */
  inbox: z.number().int(),
  summary: runnerSummarySchema,
  /** Against the revision before; without it, the workers have to be read. */
  change: z
    .object({ set: z.array(workerRecordSchema), gone: z.array(z.string()) })
    .nullable()
    .optional(),
});
const left = z.object({ kind: z.literal('left'), from: z.string() });

/** What is published on the discovery plane. */
export const noteSchema = z.discriminatedUnion('kind', [renewed, left]);
export type Note = z.infer<typeof noteSchema>;
export type Renewed = z.infer<typeof renewed>;

/** Name of a worker's field in its runner's hash. */
export function workerField({ name, sessionId }: RunnerRecord['workers'][number]): string {
  return `worker:${name}|${sessionId ?? ''}`;
}

export function parseJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
