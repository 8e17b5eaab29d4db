import type { Deepgram } from '@deepgram/sdk';
import type { Ear } from './ear.ts';

/** Every message of both services. */
export type Reply =
  | Deepgram.listen.ListenV2Connected
  | Deepgram.listen.ListenV2TurnInfo
  | Deepgram.listen.ListenV2ConfigureSuccess
  | Deepgram.listen.ListenV2FatalError
  | Deepgram.listen.ListenV1Results
  | Deepgram.listen.ListenV1Metadata
  | Deepgram.listen.ListenV1SpeechStarted
  | Deepgram.listen.ListenV1UtteranceEnd;

export interface ListenerOptions {
  readonly ear: Ear;
  readonly query: URLSearchParams;
  readonly requestId: string;
  /** Silence after which an eager end is given, and the end. */
  readonly eagerSilenceMs: number;
  readonly endSilenceMs: number;
  /** Last words after which the model is not sure that the turn is over. */
  readonly isUnfinished: (word: string) => boolean;
  /** Whether Flux reports on sound outside turns, too. */
  readonly reportsSilence: boolean;
  /** "Requires server-side enablement": false answers as deployments without it do. */
  readonly canForceEndTurn: boolean;
}

/** One connection's model, without its socket: what it answers to sound and to messages. */
export interface Listener {
  open(): readonly Reply[];
  /** Takes one step of sound. */
  hear(step: Int16Array): readonly Reply[];
  told(message: { readonly type: string }): readonly Reply[] | 'close' | 'unknown';
  /** What is still said after `CloseStream`. */
  close(): readonly Reply[];
  /** A fatal error as a message, where the service has one. */
  error(code: string, description: string): Reply | null;
}
