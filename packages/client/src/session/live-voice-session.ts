import type { ServerMessage, SessionEvent } from '@voicebus/protocol';
import type { TalkView } from '@voicebus/session-view';
import { watchSleep } from '../awake/sleep-watch.ts';
import { ClockSync } from '../clock/clock-sync.ts';
import { type ConnectionEvent, isInCall } from '../connection/connection-state.ts';
import { watchDevices } from '../devices/devices.ts';
import { CallError } from '../failure.ts';
import { MicrophoneError } from '../microphone/open-microphone.ts';
import { publishPlayback } from '../playback/publish-playback.ts';
import { createSession } from '../signalling/create-session.ts';
import type { Store } from '../store.ts';
import { Call, type CallChange, type Entry } from './call.ts';
import { CallMemory } from './call-memory.ts';
import { CallerAudio } from './caller-audio.ts';
import { CallerControls } from './caller-controls.ts';
import type { KeptCall } from './kept-call.ts';
import { PageAudio } from './page-audio.ts';
import { mayReturnUnasked } from './return-unasked.ts';
import { SessionStores } from './session-stores.ts';
import type { Levels, VoiceSession, VoiceSessionOptions } from './voice-session.ts';
import type { VoiceSnapshot } from './voice-snapshot.ts';

/** Typed before the call stood; more than this nobody types in that time. */
const maximumQueuedTexts = 8;
/** A call that stands but gets no agent: the page says why after 12 s and gives up after this. */
const agentDeadlineMs = 30_000;
/** To say goodbye to the server. */
const goodbyeMs = 1000;
/** "Welcome back" is read in this time. */
const welcomeMs = 6000;

export class LiveVoiceSession implements VoiceSession {
  readonly #stores = new SessionStores();
  readonly state: Store<VoiceSnapshot> = this.#stores.state;
  readonly talk: Store<TalkView> = this.#stores.talk;
  readonly events: Store<readonly SessionEvent[]> = this.#stores.events;
  readonly #options: Required<VoiceSessionOptions>;
  readonly #pageAudio: PageAudio;
  readonly #clock: ClockSync;
  readonly #memory = new CallMemory(this.#stores);
  readonly #controls = new CallerControls({
    stores: this.#stores,
    audio: () => this.#audio,
    call: () => this.#call,
  });
  #call: Call | null = null;
  #audio: CallerAudio | null = null;
  #texts: string[] = [];
  #agentDeadline: ReturnType<typeof setTimeout> | undefined;
  #isReturn = false;
  #welcome: ReturnType<typeof setTimeout> | undefined;
  #refreshDevices: (() => Promise<void>) | null = null;
  /** Tells the call under way from one that was ended while it was still being set up. */
  #attempt = 0;

  constructor(options: VoiceSessionOptions) {
    this.#options = { assetsUrl: '/vad/', onset: {}, ...options };
    this.#pageAudio = new PageAudio(this.#options.assetsUrl);
    this.#clock = new ClockSync({
      send: (clientMs) => this.#call?.sendFast({ type: 'clock-ping', clientMs }),
      onOffset: (clock) => this.#stores.state.patch({ clock }),
    });
  }

  prepare(): void {
    publishPlayback(() => this.#audio?.playback ?? null);
    if (this.#refreshDevices !== null) return;
    // For the life of the page, like the session itself.
    const { signal } = new AbortController();
    this.#refreshDevices = watchDevices(
      (devices) => this.#controls.devicesChanged(devices),
      signal,
    );
    watchSleep((sleptMs) => void this.#call?.woke(sleptMs), signal);
    void import('mediasoup-client');
    this.#pageAudio.warmUp();
    void this.#comeBack();
  }

  levels(): Levels {
    return this.#audio?.levels() ?? { microphone: 0, bot: 0 };
  }

  async connect({ audio }: { readonly audio: boolean }): Promise<void> {
    if (isInCall(this.state.get().connection)) return;
    const attempt = ++this.#attempt;
    this.#release();
    // Again, since the page may have made another session meanwhile: the one that calls is published.
    publishPlayback(() => this.#audio?.playback ?? null);
    this.#stores.reset(!audio);
    this.#stores.connection({ type: 'start', audio });
    try {
      if (audio && !(await this.#openAudio(attempt))) return;
      await this.#openCall(attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(CallError.from(error, 'media-failed'), null);
    }
  }

  async resume(): Promise<void> {
    const call = this.#memory.resumable;
    if (call !== null) await this.#goOnWith(call);
  }

  async takeOver(): Promise<void> {
    const call = await this.#memory.take();
    if (call !== null) await this.#goOnWith(call);
  }

  end(): void {
    const { connection } = this.state.get();
    if (!isInCall(connection)) return;
    const call = this.#call;
    const told = call?.send({ type: 'end-call' }) ?? false;
    this.#call = null;
    this.#closeAudio();
    if (call) setTimeout(() => call.close(), told ? goodbyeMs : 0);
    this.#memory.over();
    this.#finish({ type: 'ended', reason: 'caller-ended', detail: null });
  }

  sendText(text: string): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.#audio?.heard.stop();
    const sent = this.#call?.send({
      type: 'text-input',
      messageId: crypto.randomUUID(),
      text: trimmed,
    });
    if (sent !== true && this.#texts.length < maximumQueuedTexts) this.#texts.push(trimmed);
    this.#stores.state.patch({ suggestions: [] });
  }

  interrupt(): void {
    this.#audio?.heard.stop();
    this.#call?.sendFast({ type: 'interrupt' });
  }

  setMuted(muted: boolean): void {
    this.#controls.setMuted(muted);
  }

  setPushToTalk(pushToTalk: boolean): void {
    this.#controls.setPushToTalk(pushToTalk);
  }

  press(pressed: boolean): void {
    this.#controls.press(pressed);
  }

  chooseMicrophone(deviceId: string): Promise<void> {
    return this.#controls.chooseMicrophone(deviceId);
  }

  retryMicrophone(): Promise<void> {
    return this.#controls.retryMicrophone();
  }

  chooseSpeaker(deviceId: string): Promise<void> {
    return this.#controls.chooseSpeaker(deviceId);
  }

  async allowPlayback(): Promise<void> {
    await this.#audio?.resume();
  }

  /** False when the caller ended the call, or has no microphone to give, meanwhile. */
  async #openAudio(attempt: number): Promise<boolean> {
    const stores = this.#stores;
    stores.microphone({ type: 'ask' });
    try {
      const audio = await CallerAudio.open({
        stores,
        pageAudio: this.#pageAudio,
        onset: this.#options.onset,
        sendFast: (message) => this.#call?.sendFast(message),
        link: () => this.#call?.link ?? null,
      });
      if (attempt !== this.#attempt) return (audio.close(), false);
      this.#audio = audio;
      stores.microphone({ type: 'granted', as: stores.gate() });
      stores.state.patch({ microphoneId: audio.deviceId() });
      // Only now do the devices have names.
      void this.#refreshDevices?.();
      stores.connection({ type: 'mic-granted' });
      return true;
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      if (attempt === this.#attempt) {
        stores.microphone({ type: 'refused', problem: error.code });
        stores.connection({ type: 'mic-refused' });
      }
      return false;
    }
  }

  /** After a reload: at once when nobody has to be asked, else the page offers it. */
  async #comeBack(): Promise<void> {
    const call = await this.#memory.look();
    if (call !== null && (await mayReturnUnasked(call, this.#pageAudio))) await this.resume();
  }

  async #goOnWith(kept: KeptCall): Promise<void> {
    if (isInCall(this.state.get().connection)) return;
    const attempt = ++this.#attempt;
    this.#release();
    publishPlayback(() => this.#audio?.playback ?? null);
    this.#stores.returnTo(kept);
    this.#stores.connection({ type: 'return' });
    this.#isReturn = true;
    try {
      if (kept.audio && !(await this.#openAudio(attempt))) return;
      const { sessionId, connectUrl, resumeToken } = kept;
      await this.#createCall({ sessionId, connectUrl, entry: { resumeToken } }).reopen();
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(CallError.from(error, 'media-failed'), null);
    }
  }

  async #openCall(attempt: number): Promise<void> {
    const { transportUrls } = this.#options;
    const urls = typeof transportUrls === 'function' ? await transportUrls() : transportUrls;
    const created = await createSession(urls, { audio: this.#audio !== null });
    if (attempt !== this.#attempt) return;
    this.#stores.state.patch({ sessionId: created.sessionId });
    const { sessionId, connectUrl, joinToken } = created;
    await this.#createCall({ sessionId, connectUrl, entry: { joinToken } }).open();
  }

  #createCall(way: { sessionId: string; connectUrl: string; entry: Entry }): Call {
    const { sessionId, connectUrl, entry } = way;
    const audio = this.#audio !== null;
    const call: Call = new Call({
      connectUrl,
      entry,
      media: this.#audio?.media((message) => call.send(message)) ?? null,
      // What was missed in a gap comes again with everything.
      lastEventSequence: () => (this.talk.get().needsSnapshot ? null : this.talk.get().sequence),
      onResumeToken: (resumeToken) =>
        call === this.#call && this.#memory.began({ sessionId, connectUrl, resumeToken, audio }),
      // What an older call still says must not touch this one.
      onMessage: (message) => call === this.#call && this.#receive(message),
      onChange: (change) => call === this.#call && this.#changed(change),
    });
    this.#call = call;
    return call;
  }

  #receive(message: ServerMessage): void {
    const heard = this.#audio?.heard;
    switch (message.type) {
      case 'joined':
        this.#stores.state.patch({ sessionId: message.sessionId });
        // Before the first words are sent: their times mean nothing without the clocks' difference.
        this.#clock.start();
        return;
      case 'events':
        if (this.#stores.receive(message.events).some(isBotStart)) heard?.botSpeaks();
        this.#agentMayHaveArrived();
        return;
      case 'verdict':
        return heard?.verdict(message.holdId, message.verdict);
      case 'stop-playback':
        return heard?.stop(message.rtpTimestamp);
      case 'bot-spurt':
        return heard?.spurt(message);
      case 'clock-pong':
        return this.#clock.pong(message.clientMs, message.serverMs);
      case 'suggestions':
        this.#stores.state.patch({ suggestions: message.suggestions });
        return;
      case 'ended':
        this.#memory.over();
        this.#finish({ type: 'ended', reason: message.reason, detail: message.detail ?? null });
        this.#release();
        return;
      default:
        // Replies are the socket's; errors that are not fatal come as events too.
        return;
    }
  }

  #changed(change: CallChange): void {
    switch (change.type) {
      case 'media-ready':
        this.#stores.connection({ type: 'media-ready' });
        this.#stands();
        return;
      case 'signalling-lost':
        this.#stores.state.patch({ signallingLostSinceMs: performance.now() });
        // A text call hears nothing without signalling; a voice call goes on while its media lives.
        if (!change.mediaAlive) this.#stores.connection({ type: 'lost' });
        return;
      case 'media-lost':
        this.#stores.connection({ type: 'lost' });
        return;
      case 'resumed':
        if (this.#isReturn) this.#welcomeBack();
        this.#isReturn = false;
        this.#stores.state.patch({ signallingLostSinceMs: null });
        this.#stores.connection({
          type: 'resumed',
          hasAgent: this.talk.get().activity.holder !== null,
        });
        this.#stands();
        return;
      case 'failed':
        this.#fail(change.failure, change.lostMs);
    }
  }

  /** Words travel, for the first time or again. */
  #stands(): void {
    this.#audio?.listenForSpeech();
    this.#controls.applySpeaker();
    for (const text of this.#texts.splice(0)) this.sendText(text);
    this.#controls.applyGate();
    clearTimeout(this.#agentDeadline);
    this.#agentDeadline = setTimeout(() => this.#noAgent(), agentDeadlineMs);
    this.#agentMayHaveArrived();
  }

  #welcomeBack(): void {
    this.#stores.state.patch({ welcomeBack: true });
    clearTimeout(this.#welcome);
    this.#welcome = setTimeout(() => this.#stores.state.patch({ welcomeBack: false }), welcomeMs);
  }

  #agentMayHaveArrived(): void {
    if (this.talk.get().activity.holder !== null)
      this.#stores.connection({ type: 'agent-arrived' });
  }

  #noAgent(): void {
    if (this.state.get().connection.kind !== 'waiting-for-agent') return;
    this.#fail(new CallError('no-agent', 'No agent took the call'), null);
  }

  #fail(failure: CallError, lostForMs: number | null): void {
    this.#stores.state.patch({ lostForMs });
    if (failure.code === 'connection-lost') this.#memory.lost();
    else this.#memory.over();
    this.#finish({ type: 'failed', reason: failure.code });
    this.#release();
  }

  #finish(event: ConnectionEvent): void {
    this.#attempt += 1;
    this.#stores.connection(event);
    this.#clock.stop();
    this.#stores.state.patch({
      suggestions: [],
      signallingLostSinceMs: null,
      welcomeBack: false,
      pressed: false,
      mutedSpeech: false,
    });
  }

  #release(): void {
    this.#call?.close();
    this.#call = null;
    this.#closeAudio();
  }

  #closeAudio(): void {
    clearTimeout(this.#agentDeadline);
    this.#audio?.close();
    this.#audio = null;
    this.#texts = [];
    this.#stores.state.patch({ vad: 'off', autoplayBlocked: false });
    this.#stores.microphone({ type: 'close' });
  }
}

function isBotStart(event: SessionEvent): boolean {
  return event.type === 'bot-started-speaking';
}
