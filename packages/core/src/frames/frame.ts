import type { ContextMessage, ContextOperation, ToolCall } from '@voicebus/protocol';

/** `downstream` runs from the caller's microphone to the loudspeaker, `upstream` back. */
export type Direction = 'downstream' | 'upstream';

/** Whose sound is in the microphone: `unsure` is most likely the caller's. */
export type Whose = 'bot' | 'unsure' | 'caller';

/**
 * How a frame is queued.
 * - `system`: handled at once, ahead of everything, never dropped by an interruption.
 * - `data`: in order; dropped by an interruption.
 * - `control`: in order with data; dropped by an interruption unless the frame is uninterruptible.
 */
export type FrameClass = 'system' | 'data' | 'control';

interface FrameFields {
  /** Unique in this process. */
  readonly id: number;
  /** Presentation time in milliseconds on the session's clock. */
  readonly ptsMs?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The same interruption or broadcast travels both ways: the other half's id. */
  readonly siblingId?: number;
}

interface AudioFields {
  /** Mono, 16 bit. */
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
}

/** Everything that can move through a pipeline, by kind. Custom frames have kind `custom`. */
export interface FrameFieldsByKind {
  // Lifecycle: each pipeline has its own, they never cross a bridge.
  start: object;
  end: { readonly reason?: string };
  cancel: { readonly reason?: string };

  interruption: {
    readonly by: 'voice' | 'text' | 'key' | 'agent';
    /** Of the page that went silent by itself and waits for the verdict. */
    readonly holdId?: string | null;
  };
  error: {
    readonly component: string;
    readonly code: string;
    readonly message: string;
    readonly fatal: boolean;
  };
  /** A measurement for the event stream; never affects the call. */
  metric: { readonly name: string; readonly turnId?: string; readonly value: number };

  // The caller.
  'input-audio': AudioFields & { readonly captureMs: number };
  /** What the VAD made of the last window: `input-audio` up to `captureMs` is decided. */
  'voice-activity': {
    readonly probability: number;
    readonly captureMs: number;
    readonly durationMs: number;
    /** Of what sounds like speech: the `bot`'s own voice, back from the room, has a `probability` of 0. */
    readonly whose: Whose;
  };
  'user-started-speaking': { readonly utteranceId: string; readonly atMs: number };
  /** `atMs` is when the last speech was heard, `ruledMs` when the silence after it was long enough. */
  'user-stopped-speaking': {
    readonly utteranceId: string;
    readonly atMs: number;
    readonly ruledMs: number;
  };
  /** The page's own detector heard speech up to here, in the session's time. */
  'page-speech': { readonly captureMs: number };
  /** The caller closed or opened their microphone. */
  'caller-muted': { readonly isMuted: boolean };
  /** The caller did not answer the question whether they are still there. */
  'caller-gone': object;
  /** The caller's page heard speech over the bot and has gone silent until it gets a verdict. */
  'speech-hold': { readonly holdId: string; readonly playedRtpTimestamp: number };
  /** The user began a turn that came to nothing: no word was understood. */
  'user-turn-dropped': object;
  /** Stop pacing, keep what is queued: the user may be interrupting. */
  'output-hold': object;
  /** False alarm: rewind to the last word start that was heard, and go on. */
  'output-resume': { readonly holdId: string | null };
  /** What a recogniser that judges turns says about the one that runs. */
  'turn-judged': {
    readonly utteranceId: string;
    readonly judgement: 'turn-started' | 'eager-end' | 'turn-resumed' | 'end-of-turn';
    /** What was understood of it so far. */
    readonly text: string;
  };
  'interim-transcription': { readonly utteranceId: string; readonly text: string };
  transcription: {
    readonly utteranceId: string;
    readonly text: string;
    readonly by: 'voice' | 'text';
  };

  // The bot.
  'output-audio': AudioFields & {
    readonly turnId: string;
    readonly messageId: string;
    readonly agent: string;
  };
  /** All the sound (or text) of the message was pushed before this. */
  'tts-message-end': { readonly turnId: string; readonly messageId: string };
  /** After the audio that was pushed before it, this many characters of the message are spoken. */
  'spoken-mark': {
    readonly turnId: string;
    readonly messageId: string;
    readonly characters: number;
  };
  /** How much of a message the caller has heard; `final` once no more of it will come. */
  'bot-heard': {
    readonly turnId: string;
    readonly messageId: string;
    readonly characters: number;
    readonly interrupted: boolean;
    readonly final: boolean;
  };
  'bot-started-speaking': { readonly turnId: string; readonly agent: string };
  'bot-stopped-speaking': {
    readonly turnId: string;
    readonly agent: string;
    readonly interrupted: boolean;
  };
  /** Speak this text as it stands. */
  'tts-speak': { readonly text: string; readonly appendToContext: boolean };
  /** From here on another agent speaks, with this voice. */
  'agent-changed': {
    readonly agent: string;
    readonly voice: string;
    readonly handoffId: string | null;
  };

  // The model.
  /** A turn of the model is due, on this context as it is now. */
  'llm-context': { readonly turnId: string; readonly context: LLMContextView };
  /** The turn may be over with this message: its answer may be begun, and kept back. Null: it goes on. */
  'llm-prepare': { readonly context: LLMContextView; readonly message: ContextMessage | null };
  'llm-messages-append': { readonly messages: readonly ContextMessage[]; readonly runLlm: boolean };
  'llm-response-start': {
    readonly turnId: string;
    readonly messageId: string;
    readonly agent: string;
    /** It was begun so long before it was asked for. */
    readonly aheadMs?: number | undefined;
  };
  'llm-text': { readonly turnId: string; readonly messageId: string; readonly text: string };
  'llm-response-end': {
    readonly turnId: string;
    readonly messageId: string;
    readonly reason: 'stop' | 'tool-calls' | 'length' | 'aborted' | 'error';
    readonly inputTokens?: number | undefined;
    readonly outputTokens?: number | undefined;
    readonly provider?: string | undefined;
    readonly model?: string | undefined;
  };
  'tool-started': { readonly turnId: string; readonly call: ToolCall };
  'tool-ended': {
    readonly turnId: string;
    readonly callId: string;
    readonly name: string;
    /** `unknown`: its process is gone. */
    readonly status: 'completed' | 'cancelled' | 'error' | 'unknown';
    readonly content: string;
    readonly durationMs: number;
    /** It came after its turn was over: answer it as a turn of its own. */
    readonly run: boolean;
  };

  /** Travels to the sink and answers there: everything pushed before it has been handled. */
  flush: { readonly done: () => void };
  custom: { readonly name: string; readonly class: FrameClass; readonly body: unknown };
}

/** What a frame shows of a context: the real one beside its aggregators, a mirror at an agent. */
export interface LLMContextView {
  readonly messages: readonly ContextMessage[];
  /** Something that the model said or called, on its way to the owner of the context. */
  propose(operation: ContextOperation): void;
}

/** What the model is told about a tool: name, purpose, and the JSON schema of its arguments. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type FrameKind = keyof FrameFieldsByKind;
export type Frame<Kind extends FrameKind = FrameKind> = {
  [K in Kind]: FrameFields & { readonly kind: K } & FrameFieldsByKind[K];
}[Kind];
export type InterruptionFrame = Frame<'interruption'>;
export type LLMContextFrame = Frame<'llm-context'>;
export type LLMTextFrame = Frame<'llm-text'>;
export type OutputAudioFrame = Frame<'output-audio'>;
export type InputAudioFrame = Frame<'input-audio'>;

let lastId = 0;

/** Makes a frame with an id of its own. */
export function createFrame<Kind extends FrameKind>(
  kind: Kind,
  fields: FrameFieldsByKind[Kind] & Omit<FrameFields, 'id'>,
): Frame<Kind> {
  lastId += 1;
  return { ...fields, kind, id: lastId } as unknown as Frame<Kind>;
}

/** The same frame with an id of its own. */
export function copyFrame(frame: Frame): Frame {
  lastId += 1;
  return { ...frame, id: lastId };
}
