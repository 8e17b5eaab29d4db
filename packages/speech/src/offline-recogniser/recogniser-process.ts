import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fairDeadline, systemClock, VoicebusError } from '@voicebus/core';
import type { RecogniserListener } from '../local-transcription/recogniser-channel.ts';
import { parseRecogniserMessage } from './recogniser-message.ts';

export interface RecogniserProcessOptions {
  readonly program: string;
  readonly programArguments: readonly string[];
  /** Measured: 0.5 s, five times that on a machine that is busy with a build. */
  readonly startTimeoutMs: number;
}

/** 10 s of 16 kHz audio: a decoder that far behind does not catch up inside a conversation. */
const maxQueuedAudioBytes = 320_000;
/** A line is a sentence with its words' times; more without an end is not from our program. */
const maxLineLength = 1 << 20;
/** 500 ms: what is dropped at once when the queue is full, and far below the program's own limit. */
const maxFrameSamples = 8000;
const killAfterMs = 1000;

/** The recogniser's program as a child: frames in, messages out. It ends when its input ends. */
export class RecogniserProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ready = Promise.withResolvers<void>();
  readonly #queue: { readonly isAudio: boolean; readonly bytes: Buffer }[] = [];
  #listener: RecogniserListener | null = null;
  #failure: VoicebusError | null = null;
  #isClosed = false;
  #isBlocked = false;
  #queuedAudioBytes = 0;
  #line = '';
  #lastWords = '';
  /** Samples that were dropped because the program was too slow. */
  droppedSamples = 0;

  constructor({ program, programArguments, startTimeoutMs }: RecogniserProcessOptions) {
    this.#child = spawn(program, programArguments, { stdio: 'pipe' });
    this.#ready.promise.catch(() => {});
    const late = `the recogniser did not start within ${startTimeoutMs} ms`;
    const cancelDeadline = fairDeadline({
      clock: systemClock,
      limitMs: startTimeoutMs,
      rule: () => this.#fail('deadline', late),
    });
    this.#ready.promise.then(cancelDeadline, cancelDeadline);
    this.#listen();
  }

  /** Resolves when it understands speech; rejects when it never will. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get isUsable(): boolean {
    return this.#failure === null && !this.#isClosed;
  }

  /** From here on one caller's; a failure that has happened before is told at once. */
  attach(listener: RecogniserListener): void {
    this.#listener = listener;
    if (this.#failure !== null) listener.onFailure(this.#failure);
  }

  startUtterance(utterance: number): void {
    this.#send('S', numberBytes(utterance));
  }

  endUtterance(utterance: number): void {
    this.#send('E', numberBytes(utterance));
  }

  write(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; at += maxFrameSamples) {
      const part = pcm.subarray(at, at + maxFrameSamples);
      // A copy, in case the writer uses its buffer again. All our platforms are little-endian.
      const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      this.#send('A', Buffer.from(bytes));
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ready.reject(new VoicebusError('closed', 'the recogniser was closed'));
    this.#end();
  }

  #listen(): void {
    const child = this.#child;
    child.on('error', (error) => {
      this.#fail('provider-failed', `the recogniser does not run: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      const how = code === null ? `signal ${String(signal)}` : `code ${code}`;
      this.#fail('provider-failed', `the recogniser ended with ${how}. ${this.#lastWords}`.trim());
    });
    // Writing to a process that has just died; its exit tells.
    child.stdin.on('error', () => {});
    child.stdin.on('drain', () => {
      this.#isBlocked = false;
      this.#flush();
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-300);
    });
  }

  #send(type: string, payload: Buffer): void {
    if (!this.isUsable) return;
    const header = Buffer.alloc(5, type);
    header.writeUInt32LE(payload.length, 1);
    const isAudio = type === 'A';
    if (isAudio) this.#queuedAudioBytes += payload.length;
    this.#queue.push({ isAudio, bytes: Buffer.concat([header, payload]) });
    this.#flush();
    this.#dropOldest();
  }

  #flush(): void {
    while (!this.#isBlocked) {
      const frame = this.#queue.shift();
      if (frame === undefined) return;
      if (frame.isAudio) this.#queuedAudioBytes -= frame.bytes.length - 5;
      this.#isBlocked = !this.#child.stdin.write(frame.bytes);
    }
  }

  #dropOldest(): void {
    while (this.#queuedAudioBytes > maxQueuedAudioBytes) {
      const index = this.#queue.findIndex((frame) => frame.isAudio);
      const [frame] = this.#queue.splice(index, 1);
      if (frame === undefined) return;
      this.#queuedAudioBytes -= frame.bytes.length - 5;
      this.droppedSamples += (frame.bytes.length - 5) / 2;
    }
  }

  #read(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    if (this.#line.length > maxLineLength) lines.push(this.#line);
    for (const line of lines) {
      if (!this.isUsable) return;
      const message = parseRecogniserMessage(line);
      if (message === undefined) {
        this.#fail('provider-failed', 'the recogniser wrote what is none of its messages');
      } else if (message.type === 'ready') {
        this.#ready.resolve();
      } else {
        this.#listener?.onMessage(message);
      }
    }
  }

  #fail(code: 'deadline' | 'provider-failed', message: string): void {
    if (!this.isUsable) return;
    this.#failure = new VoicebusError(code, message, { isRetryable: true });
    this.#ready.reject(this.#failure);
    this.#end();
    this.#listener?.onFailure(this.#failure);
  }

  #end(): void {
    this.#queue.length = 0;
    this.#child.stdin.end();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), killAfterMs);
    this.#child.once('exit', () => clearTimeout(timer));
  }
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
