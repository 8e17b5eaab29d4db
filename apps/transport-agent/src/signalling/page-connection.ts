import { asVoicebusError, fairDeadline, VoicebusError, type Clock } from '@voicebus/core';
import {
  clientMessageSchema,
  closeCodes,
  limits,
  protocolVersion,
  type ClientMessage,
  type ServerMessage,
} from '@voicebus/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '@voicebus/service';
import type { CallSession, Page } from '../sessions/call-session.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import type { SessionTokens } from '../tokens/session-tokens.ts';
import { answerMediaRequest, isMediaRequest } from './media-requests.ts';
import { RateLimit } from './rate-limit.ts';

export interface PageConnectionOptions {
  readonly socket: WebSocket;
  readonly directory: SessionDirectory;
  readonly tokens: SessionTokens;
  readonly iceServers: readonly Record<string, unknown>[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whoever connects says who they are within this time. */
const helloMs = 5_000;
/** A page that reads nothing for this long is gone; what we keep for it is bounded by it. */
const maxBufferedBytes = 4 * 1024 * 1024;

/** RFC 6455, section 7.4.1: something unexpected happened here. */
const internalError = 1011;

/** One signalling socket, from `hello` to its close. */
export class PageConnection implements Page {
  readonly #options: PageConnectionOptions;
  readonly #rate: RateLimit;
  #session: CallSession | undefined;
  #cancelHello: (() => void) | undefined;
  /** Requests are answered one after the other: each builds on the one before. */
  #work: Promise<void> = Promise.resolve();
  #isGreeted = false;

  constructor(options: PageConnectionOptions) {
    this.#options = options;
    this.#rate = new RateLimit(options.clock, limits.signallingMessagesPerSecond);
    this.#cancelHello = fairDeadline({
      clock: options.clock,
      limitMs: helloMs,
      rule: () => this.close(closeCodes.helloTimeout, 'No hello came.'),
    });
    options.socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    options.socket.on('close', () => this.#closed());
    options.socket.on('error', () => this.#closed());
  }

  send(message: ServerMessage): void {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) {
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#rate.take()) {
      this.close(closeCodes.tooFast, 'Too many messages.');
      return;
    }
    const message = isBinary ? null : parse(data);
    if (!message) {
      this.send({
        type: 'error',
        code: 'bad-message',
        message: 'This message is not part of the protocol.',
        fatal: true,
      });
      this.close(closeCodes.badMessage, 'Bad message.');
      return;
    }
    if (message.type === 'hello') this.#work = this.#work.then(() => this.#hello(message));
    else if (isMediaRequest(message)) this.#work = this.#work.then(() => this.#media(message));
    else if (this.#session) this.#session.receive(message);
    else this.#refuse(closeCodes.badMessage, new VoicebusError('bad-message', 'Say hello first.'));
  }

  async #hello(message: Extract<ClientMessage, { type: 'hello' }>): Promise<void> {
    if (this.#isGreeted) return;
    this.#isGreeted = true;
    this.#cancelHello?.();
    const { directory, tokens, iceServers } = this.#options;
    if (message.version !== protocolVersion) {
      const why = `This page speaks version ${message.version}, we speak ${protocolVersion}. Reload it.`;
      this.#refuse(closeCodes.badMessage, { code: 'version-mismatch', message: why });
      return;
    }
    try {
      const session = message.resumeToken
        ? await directory.resume(message.resumeToken)
        : await directory.join(message.joinToken ?? '');
      this.#session = session;
      const connection = session.audio ? await session.media.connection() : undefined;
      this.send({
        type: 'joined',
        version: protocolVersion,
        sessionId: session.id,
        resumeToken: await tokens.rotateResume(session.id),
        routerRtpCapabilities: { ...connection?.routerRtpCapabilities },
        iceServers: [...iceServers],
        serverMs: session.events.now(),
      });
      session.attach(this, message.lastEventSequence ?? 0);
      // Who left while the session was opened is not there: the call does not wait half an hour for them.
      const { socket } = this.#options;
      if (socket.readyState !== socket.OPEN) this.#closed();
    } catch (thrown) {
      this.#cannotJoin(asVoicebusError(thrown, 'worker-failed', 'You cannot join'));
    }
  }

  async #media(message: Parameters<typeof answerMediaRequest>[1]): Promise<void> {
    const { id } = message;
    try {
      if (!this.#session?.audio)
        throw new VoicebusError('bad-message', 'This session has no sound.');
      this.send({
        type: 'reply',
        id,
        data: await answerMediaRequest(this.#session.media, message),
      });
    } catch (thrown) {
      const { code, message: why } = asVoicebusError(
        thrown,
        'bad-message',
        'The media path could not be set up',
      );
      this.#options.logger.info({ code }, why);
      this.send({ type: 'failure', id, code, message: why });
    }
  }

  #cannotJoin(error: VoicebusError): void {
    const { code, message } = error;
    if (code === 'bad-message') this.#refuse(closeCodes.badToken, { code: 'bad-token', message });
    else if (code === 'session-ended')
      this.#refuse(closeCodes.sessionGone, { code: 'session-gone', message });
    else {
      this.#options.logger.error({ err: error }, 'a call could not be opened');
      this.#refuse(internalError, { code, message: 'The call could not be opened.' });
    }
  }

  #refuse(closeCode: number, { code, message }: { code: string; message: string }): void {
    this.send({ type: 'error', code, message, fatal: true });
    this.close(closeCode, code);
  }

  #closed(): void {
    this.#cancelHello?.();
    this.#session?.detach(this);
    this.#session = undefined;
  }
}

function parse(data: RawData): ClientMessage | null {
  try {
    const result = clientMessageSchema.safeParse(JSON.parse(textOf(data)));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
