import type { Frame, FrameClass, FrameKind } from './frame.ts';

const classes: Record<Exclude<FrameKind, 'custom'>, FrameClass> = {
  start: 'system',
  end: 'control',
  cancel: 'system',
  interruption: 'system',
  error: 'system',
  metric: 'system',
  'input-audio': 'system',
  'voice-activity': 'system',
  'user-started-speaking': 'system',
  'user-stopped-speaking': 'system',
  'page-speech': 'system',
  'caller-muted': 'system',
  'caller-gone': 'system',
  'speech-hold': 'system',
  'user-turn-dropped': 'system',
  'output-hold': 'system',
  'output-resume': 'system',
  'turn-judged': 'system',
  'interim-transcription': 'system',
  transcription: 'data',
  'output-audio': 'data',
  'spoken-mark': 'data',
  'tts-message-end': 'control',
  'bot-heard': 'system',
  'bot-started-speaking': 'system',
  'bot-stopped-speaking': 'system',
  'tts-speak': 'data',
  'agent-changed': 'control',
  'llm-context': 'data',
  'llm-prepare': 'system',
  'llm-messages-append': 'data',
  'llm-response-start': 'control',
  'llm-text': 'data',
  'llm-response-end': 'control',
  'tool-started': 'control',
  'tool-ended': 'control',
  flush: 'control',
};

/**
 * Control frames that outlive an interruption: losing one would leave somebody waiting for ever or a
 * tool call "in progress" for ever. A user's transcription is a fact, too: dropping it loses a turn.
 */
const uninterruptible: ReadonlySet<FrameKind> = new Set([
  'end',
  'transcription',
  'agent-changed',
  'llm-messages-append',
  'tool-started',
  'tool-ended',
  'flush',
]);

export function frameClass(frame: Frame): FrameClass {
  return frame.kind === 'custom' ? frame.class : classes[frame.kind];
}

export function isUninterruptible(frame: Frame): boolean {
  return frameClass(frame) === 'system' || uninterruptible.has(frame.kind);
}
