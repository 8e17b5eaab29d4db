import { z } from 'zod';

/**
 * What the talk page and the dashboard show. Events are facts: they carry no commands, no audio, and
 * losing one never hurts a call. `session-view` folds them.
 */
const stamp = {
  /** Unique over the channel. */
  id: z.string(),
  /** Counts up by one per session (or per runner for runner events); a gap means something was lost. */
  sequence: z.number().int().nonnegative(),
  /** Milliseconds on the session's monotonic clock; for runner events on the runner's. */
  atMs: z.number(),
  /** Milliseconds since the epoch. */
  wallMs: z.number(),
  sessionId: z.string(),
  turnId: z.string().optional(),
  /** The worker it is about. */
  worker: z.string().optional(),
  /** Id of the event that caused this one. */
  causeId: z.string().optional(),
};

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  // `extend`, not a spread: only so does a narrower `turnId` replace the optional one in the type too.
  z.object({ ...stamp, type: z.literal(type) }).extend(shape);

export const endReasonSchema = z.enum([
  'caller-ended',
  'agent-ended',
  'caller-left',
  'caller-idle',
  'longest-call',
  'operator-ended',
  'shutting-down',
  'failed',
]);
export type EndReason = z.infer<typeof endReasonSchema>;

export const sessionEventSchema = z.discriminatedUnion('type', [
  event('session-started', { owner: z.string(), channel: z.string(), text: z.boolean() }),
  event('session-ended', { reason: endReasonSchema, detail: z.string().optional() }),
  /** Again when the caller comes back, and when the sound turns out to come another way: by plain RTP. */
  event('caller-connected', { media: z.enum(['webrtc', 'rtp', 'text']) }),
  event('caller-disconnected', {}),

  event('turn-started', { turnId: z.string(), by: z.enum(['voice', 'text', 'agent']) }),
  event('turn-ended', { turnId: z.string(), interrupted: z.boolean() }),
  event('speech-heard-start', { probability: z.number() }),
  /** `endedAtMs` is the session's time of the last speech in the audio. */
  event('speech-heard-end', { durationMs: z.number(), endedAtMs: z.number() }),
  event('turn-ruled-end', { turnId: z.string(), endpointMs: z.number() }),
  event('transcript-interim', { turnId: z.string(), messageId: z.string(), text: z.string() }),
  event('transcript-final', {
    turnId: z.string(),
    messageId: z.string(),
    text: z.string(),
    by: z.enum(['voice', 'text']),
  }),

  event('llm-request', { turnId: z.string(), agent: z.string(), busMs: z.number().optional() }),
  /** An answer was begun while the user's turn might have been over: it was right, or for nothing. */
  event('answer-prepared', { outcome: z.enum(['used', 'dropped']), aheadMs: z.number() }),
  event('llm-first-token', { turnId: z.string(), agent: z.string() }),
  event('llm-end', {
    turnId: z.string(),
    agent: z.string(),
    inputTokens: z.number().optional(),
    outputTokens: z.number().optional(),
    /** Who wrote it in the end, and as what they call the model. */
    provider: z.string().optional(),
    model: z.string().optional(),
  }),
  event('tool-start', {
    turnId: z.string(),
    agent: z.string(),
    callId: z.string(),
    name: z.string(),
  }),
  event('tool-end', {
    turnId: z.string(),
    agent: z.string(),
    callId: z.string(),
    name: z.string(),
    status: z.enum(['completed', 'cancelled', 'error']),
    durationMs: z.number(),
  }),

  /** Text that will be spoken; appended to the message as it is generated. */
  event('bot-text', {
    turnId: z.string(),
    messageId: z.string(),
    agent: z.string(),
    /** The whole text of the message so far. */
    text: z.string(),
    done: z.boolean(),
  }),
  /** How much of the message has left for the caller's ear. */
  event('bot-heard', {
    turnId: z.string(),
    messageId: z.string(),
    agent: z.string(),
    heardCharacters: z.number().int(),
    /** Set once the user cut it: the rest was never heard and is gone from the context. */
    interrupted: z.boolean(),
  }),
  event('bot-started-speaking', { turnId: z.string(), agent: z.string() }),
  event('bot-stopped-speaking', {
    turnId: z.string(),
    agent: z.string(),
    interrupted: z.boolean(),
  }),
  event('tts-first-byte', { turnId: z.string(), agent: z.string() }),
  event('tts-end', { turnId: z.string(), agent: z.string() }),
  event('audio-first-sent', { turnId: z.string(), agent: z.string() }),
  /** Reported by the browser; `responseMs` is end of the user's speech to first bot sample played. */
  event('playback-first-heard', {
    turnId: z.string(),
    responseMs: z.number().optional(),
    uncertaintyMs: z.number().optional(),
  }),
  event('interruption', {
    turnId: z.string().optional(),
    verdict: z.enum(['interrupt', 'resume']),
    by: z.enum(['voice', 'text', 'key']),
    /** Server-side: onset of the user's speech to the last bot frame sent. */
    silenceMs: z.number().optional(),
    /** The page fell silent for the bot's own voice: a headset helps. */
    isEcho: z.boolean().optional(),
  }),

  event('handoff-requested', {
    handoffId: z.string(),
    from: z.string().optional(),
    to: z.string(),
    reason: z.string().optional(),
  }),
  event('handoff-accepted', {
    handoffId: z.string(),
    from: z.string().optional(),
    to: z.string(),
    epoch: z.number(),
  }),
  /** First audio (or text, in a text session) of the new holder reached the caller. */
  event('handoff-active', {
    handoffId: z.string(),
    from: z.string().optional(),
    to: z.string(),
    gapMs: z.number(),
  }),
  event('handoff-failed', {
    handoffId: z.string(),
    from: z.string().optional(),
    to: z.string(),
    code: z.string(),
    message: z.string(),
  }),
  /** How long a provider took; `connect` of models and voices belongs to no call, and is told nowhere here. */
  event('provider-timing', {
    part: z.enum(['stt', 'llm', 'tts']),
    provider: z.string(),
    stage: z.enum(['connect', 'first-byte', 'first-clause', 'final']),
    ms: z.number(),
  }),
  /** Sound that a recogniser was given since its last final, or that a voice gave for a message. */
  event('provider-sound', {
    part: z.enum(['stt', 'tts']),
    provider: z.string(),
    seconds: z.number(),
  }),
  event('problem', { code: z.string(), message: z.string(), component: z.string() }),
]);
export type SessionEvent = z.infer<typeof sessionEventSchema>;
export type SessionEventType = SessionEvent['type'];

export const runnerStateSchema = z.enum([
  'starting',
  'ready',
  'busy',
  'draining',
  'drained',
  'lost',
  'failed',
]);
export type RunnerState = z.infer<typeof runnerStateSchema>;

export const workerRecordSchema = z.object({
  /** Name on the bus: "greeter", "support", "main". */
  name: z.string(),
  /** The one session it serves, or null for a role that opens a worker per session on demand. */
  sessionId: z.string().nullable(),
  bridged: z.boolean(),
  active: z.boolean(),
  parent: z.string().nullable(),
  startedAtWallMs: z.number(),
  /** Shown to callers and on the dashboard. */
  label: z.string().optional(),
});
export type WorkerRecord = z.infer<typeof workerRecordSchema>;

export const runnerRecordSchema = z.object({
  /** Name that people know it by; it survives a restart. */
  runner: z.string(),
  /** Random at each process start. */
  incarnation: z.string(),
  role: z.string(),
  host: z.string(),
  version: z.string(),
  state: runnerStateSchema,
  startedAtWallMs: z.number(),
  heartbeatWallMs: z.number(),
  sessions: z.number().int(),
  capacity: z.number().int(),
  eventLoopLagMs: z.number(),
  errors: z.number().int(),
  workers: z.array(workerRecordSchema),
});
export type RunnerRecord = z.infer<typeof runnerRecordSchema>;
