import type { SessionEvent } from '@voicebus/protocol';
import {
  emptyTalkView,
  endRunningTools,
  endTranscript,
  foldTalkEvents,
  type TalkView,
} from '@voicebus/session-view';
import { type ConnectionEvent, isInCall, nextConnection } from '../connection/connection-state.ts';
import type { DeviceNotice } from '../devices/device-notice.ts';
import { type MicrophoneEvent, nextMicrophone } from '../microphone/microphone-state.ts';
import { WritableStore } from '../store.ts';
import { loadPreferences, savePreferences } from './preferences.ts';
import { gateOf, initialSnapshot, type VoiceSnapshot } from './voice-snapshot.ts';

/** Two short sentences are read in this time. */
const noticeMs = 8000;
/** For the page's details; the transcript is folded from all of them. */
const keptEvents = 200;

/** What the page can see of a session, and the only place where it changes. */
export class SessionStores {
  readonly state: WritableStore<VoiceSnapshot>;
  readonly talk = new WritableStore<TalkView>(emptyTalkView);
  readonly events = new WritableStore<readonly SessionEvent[]>([]);
  readonly #storage: Storage | null;
  /** Page's time at which the session began: no event can have come before it happened. */
  #startedMs = Infinity;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#storage = typeof window === 'undefined' ? null : localStorage;
    this.state = new WritableStore(initialSnapshot(loadPreferences(this.#storage)));
  }

  /** Forgets the call before; what the caller chose stays. */
  reset(textOnly: boolean): void {
    this.talk.set(emptyTalkView);
    this.events.set([]);
    this.#startedMs = Infinity;
    this.state.patch({ sessionId: null, responses: [], callMs: null });
    this.#fresh(textOnly);
  }

  /** The same call again keeps its transcript; any other begins without one. */
  returnTo(call: { readonly sessionId: string; readonly audio: boolean }): void {
    if (this.talk.get().sessionId === call.sessionId) this.#fresh(!call.audio);
    else this.reset(!call.audio);
    this.state.patch({ sessionId: call.sessionId });
  }

  #fresh(textOnly: boolean): void {
    this.state.patch({ suggestions: [], textOnly, clock: null, lostForMs: null });
  }

  connection(event: ConnectionEvent): void {
    const { connection } = this.state.get();
    const next = nextConnection(connection, event);
    if (next === connection) return;
    if (!isInCall(next)) {
      // A call that failed may be gone on with, and what was on its way then comes after all.
      const over = next.kind === 'ended' ? endTranscript : endRunningTools;
      this.talk.patch({ transcript: over(this.talk.get().transcript) });
    }
    const nowMs = performance.now();
    this.state.patch({ connection: next, connectionSinceMs: nowMs });
    // Its last event may be long ago: nobody says anything to a caller who hangs up.
    if (next.kind === 'ended' && this.#startedMs < nowMs)
      this.state.patch({ callMs: nowMs - this.#startedMs });
  }

  microphone(event: MicrophoneEvent): void {
    this.state.patch({ microphone: nextMicrophone(this.state.get().microphone, event) });
  }

  /** Says what happened to a device, for as long as it takes to read it. */
  notice(deviceNotice: DeviceNotice): void {
    this.state.patch({ deviceNotice });
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.state.patch({ deviceNotice: null }), noticeMs);
  }

  /** What the microphone lets through now. */
  gate(): 'open' | 'muted' | 'held' {
    return gateOf(this.state.get());
  }

  /** Gives those that were not known yet. */
  receive(events: readonly SessionEvent[]): readonly SessionEvent[] {
    const first = this.events.get()[0]?.sequence;
    // A batch that begins before what is here tells everything from the start.
    const restart = first !== undefined && (events[0]?.sequence ?? first) < first;
    const view = restart ? emptyTalkView : this.talk.get();
    // After a reconnect some come a second time.
    const fresh = events.filter(({ sequence }) => sequence > (view.sequence ?? -1));
    const last = fresh.at(-1);
    if (last) this.#startedMs = Math.min(this.#startedMs, performance.now() - last.atMs);
    this.talk.set(foldTalkEvents(view, fresh));
    for (const event of fresh) this.#measured(event);
    this.events.set([...(restart ? [] : this.events.get()), ...fresh].slice(-keptEvents));
    return fresh;
  }

  /** The page measures it, and is told it again: a page that was reloaded knows it only from there. */
  #measured(event: SessionEvent): void {
    if (event.type !== 'playback-first-heard' || event.responseMs === undefined) return;
    this.responded({ turnId: event.turnId, ms: event.responseMs });
  }

  /** How long the caller waited for the answer to that turn; the first word on it counts. */
  responded(response: VoiceSnapshot['responses'][number]): void {
    const { responses } = this.state.get();
    if (responses.some(({ turnId }) => turnId === response.turnId)) return;
    this.state.patch({ responses: [...responses, response] });
  }

  savePreferences(): void {
    const { muted, pushToTalk, microphoneId, speakerId } = this.state.get();
    savePreferences(this.#storage, { muted, pushToTalk, microphoneId, speakerId });
  }
}
