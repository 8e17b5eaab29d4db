import { z } from 'zod';
import { endReasonSchema, runnerRecordSchema, sessionEventSchema } from './events.ts';
import { limits } from './limits.ts';

/** `POST /v1/sessions` */
export const createSessionRequestSchema = z.object({
  /** False starts a session without a microphone. */
  audio: z.boolean().default(true),
});
export const createSessionResponseSchema = z.object({
  sessionId: z.string(),
  /** Good once, for 60 s. */
  joinToken: z.string(),
  /** WebSocket address for signalling. */
  connectUrl: z.string(),
});
export type CreateSessionResponse = z.infer<typeof createSessionResponseSchema>;

/** Body of every HTTP error. */
export const errorResponseSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

/** One turn of a caller. */
export const recentTurnSchema = z.object({
  turnId: z.string(),
  /** When the caller's words were final, milliseconds since the epoch. */
  atWallMs: z.number(),
  /** Measured at the ear; null while unanswered, and in a text call. */
  responseMs: z.number().nullable(),
});
export type RecentTurn = z.infer<typeof recentTurnSchema>;

/** One row of `GET /v1/sessions`. */
export const sessionSummarySchema = z.object({
  sessionId: z.string(),
  owner: z.string(),
  startedAtWallMs: z.number(),
  endedAtWallMs: z.number().nullable(),
  endReason: endReasonSchema.nullable(),
  /** Who holds the floor, and since which epoch. */
  holder: z.string().nullable(),
  epoch: z.number().int(),
  /** In which the caller said something. */
  turns: z.number().int(),
  /** The latest of them, oldest first. */
  recentTurns: z.array(recentTurnSchema).max(limits.recentTurns).default([]),
  handoffs: z.number().int(),
  interruptions: z.number().int(),
  medianResponseMs: z.number().nullable(),
  media: z.enum(['webrtc', 'rtp', 'text']).nullable(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;

/**
 * `GET /v1/registry` answers the snapshot; with `Accept: text/event-stream` it goes on with deltas,
 * each a whole new value of what changed. `sequence` counts up by one; a gap asks for a new snapshot.
 */
export const registrySnapshotSchema = z.object({
  sequence: z.number().int(),
  wallMs: z.number(),
  runners: z.array(runnerRecordSchema),
});
export type RegistrySnapshot = z.infer<typeof registrySnapshotSchema>;

export const sessionsSnapshotSchema = z.object({
  sequence: z.number().int(),
  wallMs: z.number(),
  sessions: z.array(sessionSummarySchema),
});
export type SessionsSnapshot = z.infer<typeof sessionsSnapshotSchema>;

/** Server-sent events of `/v1/registry` and `/v1/sessions`: event `snapshot`, then `delta`. */
export const registryDeltaSchema = z.object({
  sequence: z.number().int(),
  wallMs: z.number(),
  runner: runnerRecordSchema.optional(),
  /** Incarnation of a runner whose row is gone (left, or lost for an hour). */
  removedRunner: z.string().optional(),
});
export type RegistryDelta = z.infer<typeof registryDeltaSchema>;
export const sessionsDeltaSchema = z.object({
  sequence: z.number().int(),
  wallMs: z.number(),
  session: sessionSummarySchema.optional(),
  removedSession: z.string().optional(),
});
export type SessionsDelta = z.infer<typeof sessionsDeltaSchema>;

/** `GET /v1/sessions/:id/events`: event `snapshot` with everything so far, then `event` with one each. */
export const sessionEventsSnapshotSchema = z.object({
  sequence: z.number().int(),
  wallMs: z.number(),
  events: z.array(sessionEventSchema),
});
export type SessionEventsSnapshot = z.infer<typeof sessionEventsSnapshotSchema>;

/** `GET /api/config` of the web server. */
export const webConfigSchema = z.object({
  /** Tried in order. */
  transportUrls: z.array(z.string()).min(1),
  /** Shown when a part of the conversation is an offline demo. */
  offline: z.object({ stt: z.boolean(), llm: z.boolean(), tts: z.boolean() }).optional(),
});
export type WebConfig = z.infer<typeof webConfigSchema>;
