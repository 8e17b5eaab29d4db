import type { WebSocket } from 'ws';
import { stepSamples } from './ear.ts';
import type { DeepgramFailure, DeepgramFault } from './fault.ts';
import type { Listener, Reply } from './listener.ts';
import { cutBehindSent } from '../cut-behind-sent.ts';

/** What one connection was given, for assertions. */
export interface ConnectionRecord {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Types of the messages, in order. */
  readonly told: string[];
  samples: number;
  pings: number;
  isOpen: boolean;
}

interface ListeningConnectionOptions {
  readonly socket: WebSocket;
  readonly listener: Listener;
  readonly fault: DeepgramFault | undefined;
  readonly record: ConnectionRecord;
  /** "If no audio data or KeepAlive messages are sent within a 10-second window, the connection closes." */
  readonly idleMs: number;
}

/** One connection of the stand-in: bytes to steps of sound, replies to messages, and what goes wrong. */
export class ListeningConnection {
  readonly #options: ListeningConnectionOptions;
  #rest = new Int16Array(0);
  #words = 0;
  #isMute = false;
  #lateMs = 0;
  #fault: DeepgramFault | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #late = new Set<NodeJS.Timeout>();

  constructor(options: ListeningConnectionOptions) {
    this.#options = options;
    this.#fault = options.fault;
    const { socket, record, listener } = options;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#stayAwake();
      if (isBinary) this.#hear(data);
      else this.#told(data.toString());
    });
    socket.on('ping', () => {
      record.pings += 1;
      this.#stayAwake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      record.isOpen = false;
      clearTimeout(this.#idle);
      for (const timer of this.#late) clearTimeout(timer);
    });
    this.#stayAwake();
    for (const reply of listener.open()) this.#send(reply);
    if (this.#fault?.when === 'open') this.#fail(this.#fault.what);
  }

  #hear(data: Buffer): void {
    const { listener, record } = this.#options;
    record.samples += data.length / 2;
    const pcm = new Int16Array(this.#rest.length + data.length / 2);
    pcm.set(this.#rest);
    for (let at = 0; at < data.length / 2; at += 1)
      pcm[this.#rest.length + at] = data.readInt16LE(at * 2);
    let at = 0;
    for (; at + stepSamples <= pcm.length; at += stepSamples)
      this.#answer(listener.hear(pcm.subarray(at, at + stepSamples)));
    this.#rest = pcm.slice(at);
  }

  #told(text: string): void {
    const { listener, record } = this.#options;
    const message = parse(text);
    record.told.push(message?.type ?? 'garbage');
    const answer = message === null ? 'unknown' : listener.told(message);
    const isEnd = message?.type === 'ForceEndTurn' || message?.type === 'Finalize';
    if (isEnd && this.#fault?.when === 'end') this.#fail(this.#fault.what);
    else if (answer === 'unknown') this.#refuse();
    else if (answer === 'close') this.#close();
    else this.#answer(answer);
  }

  #answer(replies: readonly Reply[]): void {
    for (const reply of replies) {
      if (this.#breaksHere(reply)) continue;
      this.#send(reply);
    }
  }

  /** The fault in the middle comes instead of the message that says the n-th word. */
  #breaksHere(reply: Reply): boolean {
    const fault = this.#fault;
    if (typeof fault?.when !== 'object') return false;
    this.#words = Math.max(this.#words, wordsIn(reply));
    if (this.#words < fault.when.words) return false;
    this.#fail(fault.what);
    return true;
  }

  #fail(what: DeepgramFailure | 'stall' | { readonly status: number }): void {
    this.#fault = undefined;
    const { socket } = this.#options;
    if (what === 'cut') this.#cut();
    else if (what === 'stall') this.#isMute = true;
    else if (what === 'garbage') socket.send('\u0000\u0001 this is no message');
    else if (what === 'half-json') socket.send('{"type":"Results","channel":{"alterna');
    else if ('close' in what) this.#end(what.close, what.reason);
    else if ('error' in what) {
      const message = this.#options.listener.error(what.error, what.description);
      if (message !== null) this.#send(message);
      this.#end(1011, what.error);
    } else if ('lateMs' in what) this.#lateMs = what.lateMs;
  }

  #cut(): void {
    this.#isMute = true;
    cutBehindSent(this.#options.socket);
  }

  #refuse(): void {
    const what = 'UNPARSABLE_CLIENT_MESSAGE';
    const description = 'The message could not be parsed.';
    const message = this.#options.listener.error(what, description);
    if (message !== null) this.#send(message);
    this.#end(1008, message === null ? 'DATA-0000' : what);
  }

  #close(): void {
    for (const reply of this.#options.listener.close()) this.#send(reply);
    this.#end(1000, '');
  }

  #end(code: number, reason: string): void {
    if (!this.#isMute) this.#options.socket.close(code, reason);
  }

  #send(reply: Reply): void {
    const { socket } = this.#options;
    const say = (): void => {
      if (!this.#isMute && socket.readyState === socket.OPEN) socket.send(JSON.stringify(reply));
    };
    if (this.#lateMs === 0) {
      say();
      return;
    }
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      say();
    }, this.#lateMs);
    this.#late.add(timer);
  }

  #stayAwake(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const reason =
        'Deepgram did not receive audio data or a text message within the timeout window.';
      this.#end(1011, `NET-0001: ${reason}`);
    }, this.#options.idleMs);
    this.#idle.unref();
  }
}

function parse(text: string): { readonly type: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    const isMessage = typeof value === 'object' && value !== null && 'type' in value;
    return isMessage ? { type: String(value.type) } : null;
  } catch {
    return null;
  }
}

function wordsIn(reply: Reply): number {
  if (reply.type === 'TurnInfo') return reply.words.length;
  if (reply.type === 'Results') return reply.channel.alternatives[0]?.words.length ?? 0;
  return 0;
}
