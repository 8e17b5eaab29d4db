import type { SessionEvent } from '@voicebus/protocol';

/** One turn's way from the caller's last word to the bot's first sample, in milliseconds each. */
export interface TurnStages {
  /** Last speech in the audio to the ruling that the turn is over. */
  readonly endpointing: number;
  readonly recogniser: number;
  /** Over the bus to the agent. */
  readonly bus: number;
  readonly model: number;
  /** First token, back over the bus, to the first audio of the voice. */
  readonly voice: number;
  /** First audio to the first packet. */
  readonly pacing: number;
}

export const stageNames = [
  'endpointing',
  'recogniser',
  'bus',
  'model',
  'voice',
  'pacing',
] as const satisfies readonly (keyof TurnStages)[];

/** Null for a turn that was not answered by voice. */
export function turnStages(events: readonly SessionEvent[], turnId: string): TurnStages | null {
  const of = (type: SessionEvent['type']): SessionEvent | undefined =>
    events.find((event) => event.type === type && event.turnId === turnId);
  const end = of('speech-heard-end');
  if (end?.type !== 'speech-heard-end') return null;
  const marks = [
    end.endedAtMs,
    of('turn-ruled-end')?.atMs,
    of('transcript-final')?.atMs,
    of('llm-request')?.atMs,
    of('llm-first-token')?.atMs,
    of('tts-first-byte')?.atMs,
    of('audio-first-sent')?.atMs,
  ];
  const gap = (index: number): number =>
    (marks[index + 1] ?? Number.NaN) - (marks[index] ?? Number.NaN);
  const stages = {
    endpointing: gap(0),
    recogniser: gap(1),
    bus: gap(2),
    model: gap(3),
    voice: gap(4),
    pacing: gap(5),
  };
  return Object.values(stages).every(Number.isFinite) ? stages : null;
}
