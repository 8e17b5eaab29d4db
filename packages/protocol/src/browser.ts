import { z } from 'zod';
import { endReasonSchema, sessionEventSchema } from './events.ts';
import { limits } from './limits.ts';

/**
 * What a browser and its transport agent say to each other. All of it may travel over the signalling
 * WebSocket as one JSON object per message; messages marked (fast) prefer the data channel, which
 * carries the same JSON, and use the WebSocket while there is none.
 */

/** mediasoup's own parameter objects: mediasoup checks them, we bound their size only. */
const opaque = z.record(z.string(), z.unknown());
const requestId = z.number().int().nonnegative();

/** How a caller's sound comes: a browser's WebRTC, or the plain RTP of a telephone gateway or a load test. */
const mediaKindSchema = z.enum(['webrtc', 'plain']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

export const clientMessageSchema = z.discriminatedUnion('type', [
  /** First message on the socket, within 5 s; one of the two tokens. */
  z.object({
    type: z.literal('hello'),
    version: z.number().int(),
    joinToken: z.string().max(2048).optional(),
    resumeToken: z.string().max(2048).optional(),
    /** Sequence of the last event the page has, so that a reconnect sends only what is missing. */
    lastEventSequence: z.number().int().optional(),
  }),

  // Media set-up: each is answered by `reply` or `failure` with the same id.
  z.object({
    type: z.literal('create-transport'),
    id: requestId,
    /** A WebRTC transport goes one way. A plain one carries both, and has neither DTLS nor a data channel. */
    direction: z.enum(['send', 'receive']).optional(),
    /**
     * Absent: WebRTC. `plain` is answered by `{ id, ip, port }`, the address for the caller's RTP and RTCP, or
     * by the failure `not-enabled`; the address that the first packet comes from is the caller's.
     */
    media: mediaKindSchema.optional(),
  }),
  z.object({
    type: z.literal('connect-transport'),
    id: requestId,
    transportId: z.string(),
    dtlsParameters: opaque,
  }),
  z.object({
    type: z.literal('produce'),
    id: requestId,
    transportId: z.string(),
    rtpParameters: opaque,
  }),
  z.object({
    type: z.literal('produce-data'),
    id: requestId,
    transportId: z.string(),
    sctpStreamParameters: opaque,
    label: z.string().max(64),
    protocol: z.string().max(64),
  }),
  /** Asks for the bot's audio on a receive transport. */
  z.object({
    type: z.literal('consume'),
    id: requestId,
    transportId: z.string(),
    rtpCapabilities: opaque,
  }),
  z.object({ type: z.literal('consume-data'), id: requestId, transportId: z.string() }),
  /** The page plays: the bot may start speaking. */
  z.object({ type: z.literal('media-ready') }),

  /** Words spoken before the media path stood: 16 kHz mono PCM, little endian, base64, in pieces. */
  z.object({
    type: z.literal('preroll'),
    /** Capture time of the first sample on the page's clock. */
    captureMs: z.number(),
    pcm: z.string().max(Math.ceil(limits.prerollChunkBytes / 3) * 4 + 4),
    last: z.boolean(),
  }),

  /** (fast) Browser VAD: one probability per 32 ms, `captureMs` of the end of the last one. */
  z.object({
    type: z.literal('speech-probability'),
    captureMs: z.number(),
    probabilities: z.array(z.number().min(0).max(1)).min(1).max(64),
  }),
  /** (fast) The page heard speech while the bot sounded and has faded the bot out. */
  z.object({
    type: z.literal('speech-hold'),
    holdId: z.string().max(64),
    playedRtpTimestamp: z.number().int().nonnegative(),
  }),
  /** (fast) Stop the bot now (`Esc`). */
  z.object({ type: z.literal('interrupt') }),
  /** (fast) First bot sample of a turn left the loudspeaker. */
  z.object({
    type: z.literal('playback-heard'),
    rtpTimestamp: z.number().int().nonnegative(),
    atMs: z.number(),
    responseMs: z.number().optional(),
  }),
  /** (fast) Clock sync: the page's clock now. */
  z.object({ type: z.literal('clock-ping'), clientMs: z.number() }),

  z.object({
    type: z.literal('text-input'),
    messageId: z.string().max(64),
    text: z.string().min(1).max(limits.textInputCharacters),
  }),
  z.object({ type: z.literal('mute'), muted: z.boolean() }),
  z.object({ type: z.literal('end-call') }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('joined'),
    version: z.number().int(),
    sessionId: z.string(),
    /** Rotates: each `joined` and each `resume-token` replaces the one before. */
    resumeToken: z.string(),
    routerRtpCapabilities: opaque,
    iceServers: z.array(opaque),
    serverMs: z.number(),
  }),
  z.object({ type: z.literal('resume-token'), resumeToken: z.string() }),
  z.object({ type: z.literal('reply'), id: requestId, data: opaque }),
  z.object({ type: z.literal('failure'), id: requestId, code: z.string(), message: z.string() }),
  /** What the page shows. The first one after `joined` carries everything so far. */
  z.object({ type: z.literal('events'), events: z.array(sessionEventSchema) }),
  /** (fast) Verdict on a hold: go on (unmute) or stay silent (flush what is buffered). */
  z.object({
    type: z.literal('verdict'),
    holdId: z.string(),
    verdict: z.enum(['interrupt', 'resume']),
  }),
  /** (fast) Drop whatever bot audio is buffered: the server interrupted the bot. */
  z.object({ type: z.literal('stop-playback'), rtpTimestamp: z.number().int().nonnegative() }),
  /** (fast) The bot's next spurt starts at this RTP timestamp and belongs to this turn. */
  z.object({
    type: z.literal('bot-spurt'),
    turnId: z.string(),
    agent: z.string(),
    rtpTimestamp: z.number().int().nonnegative(),
  }),
  /** (fast) Both clocks. */
  z.object({ type: z.literal('clock-pong'), clientMs: z.number(), serverMs: z.number() }),
  /** Short things that the caller may tap instead of typing. */
  z.object({ type: z.literal('suggestions'), suggestions: z.array(z.string().max(80)).max(6) }),
  z.object({ type: z.literal('ended'), reason: endReasonSchema, detail: z.string().optional() }),
  /** The socket closes after a fatal one. */
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), fatal: z.boolean() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** WebSocket close codes of ours (4000–4999 is the private range of RFC 6455, section 7.4.2). */
export const closeCodes = {
  badMessage: 4400,
  badToken: 4401,
  foreignOrigin: 4403,
  sessionGone: 4404,
  helloTimeout: 4408,
  replaced: 4409,
  tooFast: 4429,
  shuttingDown: 4503,
} as const;
