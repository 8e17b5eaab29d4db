import { z } from 'zod';
import { contextMessageSchema, contextOperationSchema, toolCallSchema } from './context.ts';
import { endReasonSchema } from './events.ts';

/**
 * The closed set of messages on the session plane. Each kind has a number, which is what crosses a
 * wire: numbers are never reused. An unknown or malformed message is an error at its sender and a
 * counted drop at its receiver.
 */
const versionedContext = z.object({
  version: z.number().int().nonnegative(),
  messages: z.array(contextMessageSchema),
});
const metadata = z.record(z.string(), z.unknown());
const turn = { turnId: z.string(), messageId: z.string() };

/** From the owner: open (or find) the worker of this session and say whether it can take the floor. */
const prepare = z.object({ handoffId: z.string(), bridge: z.string().nullable() });
const prepared = z.object({
  handoffId: z.string(),
  ok: z.boolean(),
  /** The name of the voice it speaks with, when it takes the floor. */
  voice: z.string().optional(),
  label: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** Carries everything that the new holder needs: arguments, context, and whether to speak now. */
const activate = z.object({
  handoffId: z.string(),
  traceId: z.string(),
  bridge: z.string().nullable(),
  metadata: metadata.optional(),
  context: versionedContext.nullable(),
  /** Set: answer now, as this turn. */
  runTurnId: z.string().nullable(),
  state: metadata,
});
const activated = z.object({ handoffId: z.string() });
const deactivate = z.object({ reason: z.string().optional() });

const turnRequest = z.object({
  turnId: z.string(),
  /** Version that `operations` start from; on a mismatch the agent asks for a snapshot. */
  baseVersion: z.number().int().nonnegative(),
  version: z.number().int().nonnegative(),
  operations: z.array(contextOperationSchema),
});
/** The user's turn may be over: the answer to these words may be prepared, and nothing done about it. */
const turnPrepare = z.object({
  /** Null: it was not over, or came to nothing. */
  message: contextMessageSchema.nullable(),
  /** From the version that the agent has, as in a `turn-request`; they are not adopted. */
  changes: z
    .object({
      baseVersion: z.number().int().nonnegative(),
      operations: z.array(contextOperationSchema),
    })
    .nullable(),
});
const contextRequest = z.object({ turnId: z.string(), haveVersion: z.number().int() });
const contextSnapshot = z.object({ turnId: z.string(), context: versionedContext });

/** Generated under an older sequence of the ordered lane than this: void. */
const interruption = z.object({
  turnId: z.string().nullable(),
  voidThrough: z.number().int().nonnegative(),
});

const responseStart = z.object({
  ...turn,
  /** The answer was begun so long before it was asked for. */
  aheadMs: z.number().nonnegative().optional(),
});
const responseText = z.object({ ...turn, text: z.string() });
const responseEnd = z.object({
  ...turn,
  reason: z.enum(['stop', 'tool-calls', 'length', 'aborted', 'error']),
  inputTokens: z.number().int().optional(),
  outputTokens: z.number().int().optional(),
  /** Who wrote it in the end, and as what they call the model. */
  provider: z.string().optional(),
  model: z.string().optional(),
});
const toolStarted = z.object({ turnId: z.string(), call: toolCallSchema });
const toolEnded = z.object({
  turnId: z.string(),
  callId: z.string(),
  name: z.string(),
  status: z.enum(['completed', 'cancelled', 'error', 'unknown']),
  content: z.string(),
  durationMs: z.number(),
  /** The result came after its turn was over: answer it as a turn of its own. */
  run: z.boolean(),
});

const handoffRequest = z.object({
  requestId: z.string(),
  target: z.string(),
  /** The tool call that asks for it: the owner records its outcome when the floor moves. */
  callId: z.string().nullable(),
  reason: z.string().optional(),
  metadata: metadata.optional(),
  messages: z.array(contextMessageSchema),
  run: z.boolean(),
});
const handoffResult = z.object({
  requestId: z.string(),
  ok: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});
const endRequest = z.object({ callId: z.string().nullable(), detail: z.string().optional() });
const sessionEnded = z.object({ reason: endReasonSchema });
const stateUpdate = z.object({ patch: metadata });
/** From an agent to the caller's page. */
const clientMessage = z.object({ name: z.string(), payload: z.unknown() });

/** Between workers of an application's own; the body is checked by a schema registered on both sides. */
const custom = z.object({ name: z.string(), body: z.unknown() });
const customFrame = z.object({
  name: z.string(),
  bridge: z.string().nullable(),
  direction: z.enum(['downstream', 'upstream']),
  body: z.unknown(),
});
const workerEnd = z.object({ reason: z.string().optional() });
const workerCancel = z.object({ reason: z.string().optional() });
/** From whoever looks after the channel to one runner: what it does shows in its record. */
const operate = z.object({
  action: z.enum(['drain', 'undrain', 'end-session']),
  /** Of the call to end. */
  sessionId: z.string().optional(),
});
/** Sent back when a message could not be taken: no such worker, no capacity, draining. */
const refused = z.object({ messageId: z.string(), code: z.string(), message: z.string() });
/** Nothing but the acknowledgement in the header. */
const acknowledge = z.object({});
/**
 * A piece of a message that is too large for one. Its parts follow each other on one link, all with the id
 * of the whole; together their texts are its body as JSON.
 */
const part = z.object({
  /** Number of the kind that the whole is of. */
  kind: z.number().int(),
  index: z.number().int().nonnegative(),
  count: z.number().int().positive(),
  text: z.string(),
});

export const busKinds = {
  acknowledge: { number: 1, body: acknowledge, lane: 'urgent' },
  refused: { number: 2, body: refused, lane: 'urgent' },
  part: { number: 3, body: part, lane: 'ordered' },
  prepare: { number: 10, body: prepare, lane: 'ordered' },
  prepared: { number: 11, body: prepared, lane: 'ordered' },
  activate: { number: 12, body: activate, lane: 'ordered' },
  activated: { number: 13, body: activated, lane: 'ordered' },
  deactivate: { number: 14, body: deactivate, lane: 'ordered' },
  'turn-request': { number: 20, body: turnRequest, lane: 'ordered' },
  'context-request': { number: 21, body: contextRequest, lane: 'ordered' },
  'context-snapshot': { number: 22, body: contextSnapshot, lane: 'ordered' },
  interruption: { number: 23, body: interruption, lane: 'urgent' },
  'turn-prepare': { number: 24, body: turnPrepare, lane: 'ordered' },
  'response-start': { number: 30, body: responseStart, lane: 'ordered' },
  'response-text': { number: 31, body: responseText, lane: 'ordered' },
  'response-end': { number: 32, body: responseEnd, lane: 'ordered' },
  'tool-started': { number: 33, body: toolStarted, lane: 'ordered' },
  'tool-ended': { number: 34, body: toolEnded, lane: 'ordered' },
  'handoff-request': { number: 40, body: handoffRequest, lane: 'ordered' },
  'handoff-result': { number: 41, body: handoffResult, lane: 'ordered' },
  'end-request': { number: 42, body: endRequest, lane: 'ordered' },
  'session-ended': { number: 43, body: sessionEnded, lane: 'ordered' },
  'state-update': { number: 44, body: stateUpdate, lane: 'ordered' },
  'client-message': { number: 45, body: clientMessage, lane: 'ordered' },
  custom: { number: 60, body: custom, lane: 'ordered' },
  'custom-frame': { number: 61, body: customFrame, lane: 'ordered' },
  'worker-end': { number: 62, body: workerEnd, lane: 'ordered' },
  'worker-cancel': { number: 63, body: workerCancel, lane: 'urgent' },
  operate: { number: 70, body: operate, lane: 'ordered' },
} as const satisfies Record<
  string,
  { number: number; body: z.ZodType; lane: 'urgent' | 'ordered' }
>;

export type BusKind = keyof typeof busKinds;

/** They carry a conversation, which grows with the call: large ones travel in parts. */
export const kindsInParts: ReadonlySet<BusKind> = new Set<BusKind>([
  'activate',
  'turn-request',
  'turn-prepare',
  'context-snapshot',
]);
export type Lane = 'urgent' | 'ordered';
export type BusBody<Kind extends BusKind> = z.infer<(typeof busKinds)[Kind]['body']>;
export type VersionedContext = z.infer<typeof versionedContext>;
