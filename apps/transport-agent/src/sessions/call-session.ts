import { createFrame, fairDeadline, type Clock, type SessionEvents } from '@voicebus/core';
import type { ClientMessage, EndReason, ServerMessage, SessionEvent } from '@voicebus/protocol';
import { serverMessageSchema } from '@voicebus/protocol';
import type { Logger } from '@voicebus/service';
import { CallMedia } from './call-media.ts';
import {
  createCallPipeline,
  type CallPipeline,
  type CallPipelineOptions,
} from './call-pipeline.ts';
import type { MediasoupHost } from '@voicebus/transport-mediasoup';

/** The page at the other end, whichever socket it uses at the moment. */
export interface Page {
  send(message: ServerMessage): void;
  /** Ends the socket with one of our close codes. */
  close(code: number, reason: string): void;
}

export interface CallSessionOptions extends Omit<CallPipelineOptions, 'tell' | 'fallbackAgent'> {
  readonly media: MediasoupHost;
  readonly logger: Logger;
  /** Who speaks first, and goes on when another agent is lost. */
  readonly firstAgent: string;
  /** A call that goes on for longer than that ends with its reason: nobody talks that long to a bot on purpose. */
  readonly longestCallMs: number;
  readonly onEnded: (session: CallSession) => void;
}

/** How long a caller whose connection is gone may take to come back. */
const resumeWithinMs = 30_000;
/** Somebody who waits for the first word hears it this soon after an agent that was silent is back. */
const welcomeAgainMs = 1_000;
/** "Good-bye" is heard before the line goes, but not for ever. */
const farewellMs = 15_000;

/** One caller's conversation in this process; it survives handoffs and reconnects. */
export class CallSession {
  readonly id: string;
  readonly audio: boolean;
  readonly events: SessionEvents;
  readonly media: CallMedia;
  readonly #options: CallSessionOptions;
  readonly #pipeline: CallPipeline;
  readonly #logger: Logger;
  #page: Page | undefined;
  #log: SessionEvent[] = [];
  #isGreeted = false;
  #heardTurnId: string | null = null;
  #isEnded = false;
  #cancelAbsence: (() => void) | undefined;
  #cancelLongest: (() => void) | undefined;
  #cancelWelcome: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: CallSessionOptions) {
    this.#options = options;
    this.id = options.sessionId;
    this.audio = options.audio;
    this.#logger = options.logger.child({ sessionId: this.id });
    this.events = options.runner.events(this.id);
    this.#pipeline = createCallPipeline({
      ...options,
      fallbackAgent: options.firstAgent,
      tell: (message) => this.#tell(message),
    });
    this.media = new CallMedia({
      host: options.media,
      clock: options.runner.clock,
      input: this.#pipeline.input,
      output: this.#pipeline.output,
      pacer: options.pacer,
      onMessage: (message) => this.receive(message),
      onKind: () => this.#tellConnected(),
      onLost: () => this.#logger.info('media path lost'),
    });
  }

  async start(): Promise<void> {
    const { runner, longestCallMs } = this.#options;
    this.events.onEvent((event) => this.#observe(event));
    this.events.emit('session-started', {
      owner: runner.name,
      channel: runner.bus.channel,
      text: !this.audio,
    });
    this.#pipeline.main.onFrame = (frame, direction) => {
      if (frame.kind === 'error' && direction === 'upstream') this.#problem(frame);
      if (frame.kind === 'caller-gone') void this.end('caller-idle');
    };
    await runner.addWorkers(this.#pipeline.main);
    const { owner } = this.#pipeline.bridge;
    owner.onEndRequested = (detail) => void this.end('agent-ended', detail);
    owner.onClientMessage = (name, payload) => this.#agentTells(name, payload);
    this.#cancelLongest = runner.clock.after(longestCallMs, () => void this.end('longest-call'));
  }

  /** A page is there: the first one, or the same one again. Whoever was there before is replaced. */
  attach(page: Page, lastEventSequence = 0): void {
    this.#cancelAbsence?.();
    this.#page?.close(4409, 'Another tab or connection took over.');
    this.#page = page;
    const missed = this.#log.filter(({ sequence }) => sequence > lastEventSequence);
    page.send({ type: 'events', events: missed });
    this.#tellConnected();
    if (!this.audio) this.#greet();
  }

  /** The page's socket is gone. The call waits for it, and goes on meanwhile where media still flows. */
  detach(page: Page): void {
    if (this.#page !== page || this.#isEnded) return;
    this.#page = undefined;
    this.events.emit('caller-disconnected', {});
    this.#cancelAbsence = fairDeadline({
      clock: this.#options.runner.clock,
      limitMs: resumeWithinMs,
      rule: () => void this.end('caller-left'),
    });
  }

  /** What the page says, over its socket or its data channel. */
  receive(message: ClientMessage): void {
    if (this.#isEnded) return;
    const { input } = this.#pipeline;
    switch (message.type) {
      case 'media-ready':
        if (this.audio) this.media.ready(() => this.#greet());
        else this.#greet();
        return;
      case 'preroll':
        this.media.firstWords(message);
        return;
      case 'speech-hold':
        input.push(createFrame('speech-hold', message));
        return;
      case 'interrupt':
        this.events.emit('interruption', { verdict: 'interrupt', by: 'key' });
        input.push(createFrame('interruption', { by: 'key' }));
        return;
      case 'text-input':
        input.push(
          createFrame('transcription', {
            utteranceId: message.messageId,
            text: message.text,
            by: 'text',
          }),
        );
        return;
      case 'clock-ping':
        this.media.pinged(message.clientMs);
        this.#tell({ type: 'clock-pong', clientMs: message.clientMs, serverMs: this.events.now() });
        return;
      case 'playback-heard':
        this.#playbackHeard(message);
        return;
      case 'end-call':
        void this.end('caller-ended');
        return;
      case 'speech-probability': {
        const captureMs = this.media.speechOf(message);
        if (captureMs !== null) input.push(createFrame('page-speech', { captureMs }));
        return;
      }
      case 'mute':
        input.push(createFrame('caller-muted', { isMuted: message.muted }));
        return;
      default:
        return;
    }
  }

  /** Ends the call. By an agent: after what was promised was heard. Idempotent. */
  async end(reason: EndReason, detail?: string): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#cancelAbsence?.();
    this.#cancelLongest?.();
    this.#cancelWelcome?.();
    this.#unwatch?.();
    const { runner } = this.#options;
    const { main } = this.#pipeline;
    try {
      if (reason === 'agent-ended') await atMost(farewellMs, main.end(reason), runner.clock);
      await main.cancel(reason);
    } catch (thrown) {
      this.#logger.warn({ err: thrown }, 'the pipeline did not end in good order');
    }
    const why = detail === undefined ? { reason } : { reason, detail };
    this.events.emit('session-ended', why);
    this.#tell({ type: 'ended', ...why });
    this.#page?.close(1000, reason);
    this.media.close();
    // Its place is free and its token void whatever happens: nobody waits for this to be told.
    await runner
      .endSession(this.id)
      .catch((thrown: unknown) => this.#logger.warn({ err: thrown }, 'agents were not told'));
    this.#options.onEnded(this);
    this.#logger.info({ reason }, 'session ended');
  }

  #tellConnected(): void {
    const sound = this.media.kind === 'plain' ? 'rtp' : 'webrtc';
    this.events.emit('caller-connected', { media: this.audio ? sound : 'text' });
  }

  /** The first agent welcomes the caller, as soon as it is there. */
  #greet(): void {
    if (this.#isGreeted) return;
    this.#isGreeted = true;
    const { firstAgent, runner } = this.#options;
    let isAsked = false;
    const welcome = async (): Promise<void> => {
      // Its next sign of life may come before it has answered: one welcome is enough.
      if (isAsked || this.#isEnded || this.#pipeline.bridge.owner.holder !== null) return;
      isAsked = true;
      try {
        const messages = [{ role: 'developer', content: 'Welcome the user.' }] as const;
        await this.#pipeline.main.activateWorker(firstAgent, { args: { messages } });
        this.#unwatch?.();
      } finally {
        isAsked = false;
      }
    };
    const tryToWelcome = (): Promise<void> =>
      welcome().catch((thrown: unknown) => {
        if (this.#isEnded) return;
        this.#logger.warn({ err: thrown }, 'the first agent did not answer');
        this.#cancelWelcome = runner.clock.after(welcomeAgainMs, () => void tryToWelcome());
      });
    this.#unwatch = runner.registry.watch(firstAgent, tryToWelcome);
  }

  #agentTells(name: string, payload: unknown): void {
    const fields = typeof payload === 'object' ? payload : {};
    const message = serverMessageSchema.safeParse({ ...fields, type: name });
    if (message.success && message.data.type === 'suggestions') this.#tell(message.data);
    else this.#logger.warn({ name }, 'an agent sent something that the page does not know');
  }

  #playbackHeard({
    rtpTimestamp,
    responseMs,
  }: Extract<ClientMessage, { type: 'playback-heard' }>): void {
    const turnId = this.#pipeline.output.turnAt(rtpTimestamp);
    // The first of a turn counts; a page that repeats itself would fill the log.
    if (turnId === null || turnId === this.#heardTurnId) return;
    this.#heardTurnId = turnId;
    this.events.emit('playback-first-heard', {
      turnId,
      ...(responseMs === undefined ? {} : { responseMs }),
    });
  }

  #problem({
    component,
    code,
    message,
  }: {
    component: string;
    code: string;
    message: string;
  }): void {
    this.#logger.warn({ component, code }, message);
    this.events.emit('problem', { component, code, message });
  }

  #observe(event: SessionEvent): void {
    this.#log.push(event);
    if (this.#log.length > 5_000) this.#log.shift();
    this.#tell({ type: 'events', events: [event] });
  }

  #tell(message: ServerMessage): void {
    if (this.#page) this.#page.send(message);
    else this.media.tell(message);
  }
}

/** Waits for the work, but not for longer: what is late goes on by itself. */
async function atMost(limitMs: number, work: Promise<void>, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(limitMs, late.resolve);
  await Promise.race([work, late.promise]).finally(cancel);
}
