import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fairDeadline, systemClock, VoicebusError } from '@voicebus/core';
import type {
  RecogniserChannel,
  RecogniserListener,
} from '../local-transcription/recogniser-channel.ts';
import { settingError } from '../sherpa-package/sherpa-package.ts';
import type { FromProgram, ToProgram } from './program-messages.ts';

export interface SherpaProcessOptions {
  readonly program: URL;
  readonly folder: string;
  readonly startTimeoutMs: number;
  /** How long a loaded program may take to let a caller in: it answers between two steps of the model. */
  readonly openTimeoutMs: number;
}

/** A minute of sound of all callers together: a machine that far behind does not catch up in a conversation. */
const maxQueuedSamples = 960_000;
const killAfterMs = 1_000;

interface Caller {
  readonly opened: PromiseWithResolvers<void>;
  listener: RecogniserListener | null;
}

/**
 * The engine in a process of its own, for all callers: what it computes delays nobody's sound, and a file
 * that is no model takes down no call.
 */
export class SherpaProcess {
  readonly #options: SherpaProcessOptions;
  readonly #child: ChildProcess;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #callers = new Map<number, Caller>();
  readonly #queue: ToProgram[] = [];
  #queuedSamples = 0;
  #isBlocked = false;
  #isLoaded = false;
  #failure: VoicebusError | null = null;
  #isClosed = false;
  #lastStream = 0;
  #lastWords = '';
  /** Samples that were dropped because the program was too slow. */
  droppedSamples = 0;

  constructor(options: SherpaProcessOptions) {
    this.#options = options;
    const { program, folder, startTimeoutMs } = options;
    // Sound goes there as it is: "advanced" is structured cloning, not JSON.
    this.#child = fork(fileURLToPath(program), [folder], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#loaded.promise.catch(() => {});
    const cancelDeadline = fairDeadline({
      clock: systemClock,
      limitMs: startTimeoutMs,
      rule: () => this.#fail(late(`the model was not loaded within ${startTimeoutMs} ms`)),
    });
    this.#loaded.promise.then(cancelDeadline, cancelDeadline);
    this.#listen();
  }

  get isUsable(): boolean {
    return this.#failure === null && !this.#isClosed;
  }

  /** Resolves when it understands speech; rejects when it never will. */
  get loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  /** A way for one more caller. A loaded program that does not answer hangs: it is ended, for everybody. */
  async open(): Promise<RecogniserChannel> {
    await this.loaded;
    this.#lastStream += 1;
    const stream = this.#lastStream;
    const opened = Promise.withResolvers<void>();
    const caller: Caller = { opened, listener: null };
    this.#callers.set(stream, caller);
    const { openTimeoutMs } = this.#options;
    const cancelDeadline = fairDeadline({
      clock: systemClock,
      limitMs: openTimeoutMs,
      rule: () => this.#fail(late(`the recogniser has not answered for ${openTimeoutMs} ms`)),
    });
    this.#send({ type: 'open', stream });
    try {
      if (this.#failure !== null) throw this.#failure;
      await opened.promise;
    } finally {
      cancelDeadline();
    }
    return this.#channel(stream, caller);
  }

  /** Resolves once the program is no more, in whatever way it ended. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const error = new VoicebusError('closed', 'the recogniser was closed');
    this.#loaded.reject(error);
    for (const { opened } of this.#callers.values()) opened.reject(error);
    this.#end();
  }

  #channel(stream: number, caller: Caller): RecogniserChannel {
    return {
      attach: (listener) => {
        caller.listener = listener;
        if (this.#failure !== null) listener.onFailure(this.#failure);
      },
      startUtterance: (utterance) => this.#send({ type: 'start', stream, utterance }),
      endUtterance: (utterance) => this.#send({ type: 'end', stream, utterance }),
      write: (pcm) => this.#send({ type: 'sound', stream, pcm }),
      close: () => {
        if (this.#callers.delete(stream)) this.#send({ type: 'close', stream });
      },
    };
  }

  #listen(): void {
    const child = this.#child;
    // One that hangs does not see that we are gone, and would compute for nobody.
    const killWithUs = (): unknown => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const forget = (): void => {
      process.removeListener('exit', killWithUs);
      this.#gone.resolve();
    };
    child.once('exit', forget);
    child.on('message', (message) => this.#take(message as FromProgram));
    child.on('error', (error) => {
      if (child.pid === undefined) forget();
      this.#fail(failed(`does not run: ${error.message}`));
    });
    // Once what it wrote last has been read, too.
    child.on('close', (code, signal) => {
      const how = code === null ? `signal ${String(signal)}` : `code ${code}`;
      this.#fail(this.#isLoaded ? failed(`ended with ${how}`) : this.#unloadable(how));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2_000);
    });
  }

  /** A file that is no model, or of another kind, ends the program with a word about it. */
  #unloadable(how: string): VoicebusError {
    const why =
      /what\(\): *(.+)/.exec(this.#lastWords)?.[1] ?? this.#lastWords.trim().split('\n').at(-1);
    return settingError(
      `The model in SHERPA_RECOGNISER_FOLDER (${this.#options.folder}) cannot be loaded: ${why || how}`,
    );
  }

  #take(message: FromProgram): void {
    if (!this.isUsable) return;
    switch (message.type) {
      case 'loaded':
        this.#isLoaded = true;
        this.#loaded.resolve();
        return;
      case 'refused':
        this.#fail(settingError(message.message));
        return;
      case 'opened':
        this.#callers.get(message.stream)?.opened.resolve();
        return;
      case 'heard':
        this.#callers.get(message.stream)?.listener?.onMessage(message.message);
    }
  }

  #send(message: ToProgram): void {
    if (!this.isUsable) return;
    this.#queue.push(message);
    if (message.type === 'sound') this.#queuedSamples += message.pcm.length;
    this.#flush();
    // The writer may use its buffer again: what has to wait is copied.
    if (message.type === 'sound' && this.#queue.at(-1) === message)
      this.#queue.splice(-1, 1, { ...message, pcm: message.pcm.slice() });
    this.#dropOldest();
  }

  #flush(): void {
    while (!this.#isBlocked && this.isUsable) {
      const message = this.#queue.shift();
      if (message === undefined) return;
      if (message.type === 'sound') this.#queuedSamples -= message.pcm.length;
      this.#isBlocked = !this.#child.send(message, () => {
        this.#isBlocked = false;
        this.#flush();
      });
    }
  }

  #dropOldest(): void {
    while (this.#queuedSamples > maxQueuedSamples) {
      const index = this.#queue.findIndex(({ type }) => type === 'sound');
      const [message] = this.#queue.splice(index, 1);
      if (message?.type !== 'sound') return;
      this.#queuedSamples -= message.pcm.length;
      this.droppedSamples += message.pcm.length;
    }
  }

  #fail(error: VoicebusError): void {
    if (!this.isUsable) return;
    this.#failure = error;
    this.#loaded.reject(error);
    this.#end();
    const callers = [...this.#callers.values()];
    this.#callers.clear();
    for (const { opened, listener } of callers) {
      opened.reject(error);
      listener?.onFailure(error);
    }
  }

  #end(): void {
    this.#queue.length = 0;
    const child = this.#child;
    if (child.connected) child.disconnect();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.once('exit', () => clearTimeout(timer));
  }
}

function failed(how: string): VoicebusError {
  return new VoicebusError('provider-failed', `the recogniser ${how}`, { isRetryable: true });
}

function late(message: string): VoicebusError {
  return new VoicebusError('deadline', message, { isRetryable: true });
}
