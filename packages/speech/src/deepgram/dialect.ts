import type { DeepgramClient } from '@deepgram/sdk';
import type { VoicebusError } from '@voicebus/core';
import type { Heard } from './heard.ts';

/** What a connection tells whoever opened it; the SDK's events, of either service. */
export interface ServiceEvents {
  readonly open: () => void;
  readonly message: (message: unknown) => void;
  readonly close: (code: number, reason: string) => void;
  readonly error: () => void;
}

/** One of the SDK's sockets, by what both services have in common. */
export interface ServiceStream {
  sendSound(pcm: Int16Array<ArrayBuffer>): void;
  /** Asks for the end of what is being said: its last words, now. */
  askForEnd(): void;
  /** Null where the service has no message for it: a WebSocket ping keeps it open. */
  readonly keepAlive: (() => void) | null;
  /** Says that no more sound comes, and closes. */
  close(): void;
}

/** What one message of the service means. */
export type Meaning =
  | { readonly type: 'heard'; readonly heard: Heard }
  /** Nothing to act on, but the service is there. */
  | { readonly type: 'nothing' }
  | { readonly type: 'garbled' }
  | {
      readonly type: 'failed';
      readonly error: VoicebusError;
      /** It does not know one of our messages: a deployment without that feature. */
      readonly isUnknownRequest: boolean;
    };

export interface DialectSettings {
  readonly model: string;
  /** Words that callers are likely to say and that are in no dictionary: product names. */
  readonly keyterms: readonly string[];
  readonly language: string;
}

/** One of the service's two ways to listen. */
export interface Dialect {
  /** A service that says nothing about sound for this long, while somebody speaks, has stopped listening. */
  readonly longestQuietMs: number;
  connect(client: DeepgramClient, events: ServiceEvents): Promise<ServiceStream>;
  read(message: unknown): Meaning;
}
