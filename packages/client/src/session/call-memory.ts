import { CallTabs } from '../tabs/call-tabs.ts';
import { forgetCall, keepCall, type KeptCall, loadKeptCall } from './kept-call.ts';
import type { SessionStores } from './session-stores.ts';
import type { ResumableCall } from './voice-snapshot.ts';

/** How much too early a call is given up that a crashed page left behind. */
const signOfLifeMs = 2000;

type OwnCall = Omit<KeptCall, 'untilWallMs'>;

/**
 * Remembers the call of this tab across a reload, and knows of calls in other tabs. Nothing of it
 * leaves this browser.
 */
export class CallMemory {
  readonly #stores: SessionStores;
  readonly #storage: Storage | null;
  #tabs: CallTabs | null = null;
  #own: OwnCall | null = null;
  #resumable: KeptCall | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(stores: SessionStores) {
    this.#stores = stores;
    this.#storage = typeof window === 'undefined' ? null : sessionStorage;
  }

  /** Looks for calls, once per page: the one to come back to, unless it runs in another tab. */
  async look(): Promise<KeptCall | null> {
    window.addEventListener('pagehide', () => this.#stillHere());
    if (typeof BroadcastChannel !== 'undefined') {
      this.#tabs = new CallTabs({
        channel: new BroadcastChannel('voicebus.calls'),
        ownCall: () => (this.#own === null ? null : this.#keep(this.#own)),
      });
      this.#tabs.other.subscribe(() => this.#otherChanged());
      // A duplicated tab starts with a copy of the storage, so a kept call may well run elsewhere.
      await this.#tabs.ask();
    }
    if (this.#own !== null) return null;
    this.#offer(loadKeptCall(this.#storage, Date.now()));
    this.#otherChanged();
    return this.#resumable;
  }

  get resumable(): KeptCall | null {
    return this.#resumable;
  }

  /** The call of this tab may be resumed with this token, and no more with the one before. */
  began(own: OwnCall): void {
    const isNew = this.#own?.sessionId !== own.sessionId;
    this.#own = own;
    this.#offer(null);
    this.#keep(own);
    if (isNew) this.#tabs?.announce(own.sessionId);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#stillHere(), signOfLifeMs);
  }

  /** It did not end but cannot be reached: the caller may try again. */
  lost(): void {
    this.#offer(this.#own === null ? this.#resumable : this.#keep(this.#own));
    this.#leave();
  }

  /** It ended, or goes on elsewhere. */
  over(): void {
    this.#leave();
    this.#offer(null);
    forgetCall(this.#storage);
  }

  /** The call of another tab, to go on with it here. */
  async take(): Promise<KeptCall | null> {
    return (await this.#tabs?.take()) ?? null;
  }

  #leave(): void {
    clearInterval(this.#timer);
    if (this.#own !== null) this.#tabs?.retract();
    this.#own = null;
  }

  #stillHere(): void {
    if (this.#own !== null) this.#keep(this.#own);
  }

  #keep(own: OwnCall): KeptCall {
    return keepCall(this.#storage, own, Date.now());
  }

  #offer(call: KeptCall | null): void {
    this.#resumable = call;
    this.#stores.state.patch({ resumable: call === null ? null : withoutToken(call) });
  }

  #otherChanged(): void {
    const other = this.#tabs?.other.get() ?? null;
    this.#stores.state.patch({ otherTabSessionId: other?.sessionId ?? null });
    if (other !== null && other.sessionId === this.#resumable?.sessionId) this.#offer(null);
  }
}

/** The page shows it and needs no more. */
function withoutToken({ sessionId, audio, untilWallMs }: KeptCall): ResumableCall {
  return { sessionId, audio, untilWallMs };
}
