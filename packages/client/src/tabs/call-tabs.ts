import type { Store } from '../store.ts';
import { WritableStore } from '../store.ts';
import { type KeptCall, parseKeptCall } from '../session/kept-call.ts';

/** A call that runs in another tab of this browser. */
export interface OtherCall {
  readonly tabId: string;
  readonly sessionId: string;
}

/** What tabs of one origin say to each other. A token goes to the one tab that asked for it only. */
type TabMessage =
  /** A page opened: who has a call? */
  | { readonly type: 'who'; readonly from: string }
  | { readonly type: 'here'; readonly from: string; readonly sessionId: string }
  | { readonly type: 'gone'; readonly from: string }
  /** "Go on here": the caller wants the call of tab `to` in tab `from`. */
  | { readonly type: 'want'; readonly from: string; readonly to: string }
  | {
      readonly type: 'give';
      readonly from: string;
      readonly to: string;
      readonly call: KeptCall | null;
    };

/** What of a `BroadcastChannel` is used. */
export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;

export interface CallTabsOptions {
  /** The call of this tab as it may be handed over now, or null. */
  readonly ownCall: () => KeptCall | null;
  readonly channel: TabChannel;
  readonly tabId?: string;
}

/** Tabs of one browser answer each other within milliseconds; one that is frozen does not at all. */
const answerMs = 400;

/**
 * Knows of calls in other tabs, and moves a call between tabs. The server lets only the newest token in
 * and sends away who was there before, so a call is never in two tabs at once.
 */
export class CallTabs {
  readonly #options: CallTabsOptions;
  readonly #tabId: string;
  readonly #other = new WritableStore<OtherCall | null>(null);
  readonly other: Store<OtherCall | null> = this.#other;
  #given: ((call: KeptCall | null) => void) | null = null;

  constructor(options: CallTabsOptions) {
    this.#options = options;
    this.#tabId = options.tabId ?? crypto.randomUUID();
    options.channel.onmessage = (event: MessageEvent<unknown>) => {
      const message = event.data as TabMessage | null;
      if (message !== null && message.from !== this.#tabId) this.#receive(message);
    };
  }

  /** Asks the others; resolves when whoever has a call has had time to say so. */
  async ask(): Promise<OtherCall | null> {
    const answered = Promise.withResolvers<void>();
    const timer = setTimeout(() => answered.resolve(), answerMs);
    const unsubscribe = this.#other.subscribe(() => answered.resolve());
    this.#say({ type: 'who', from: this.#tabId });
    await answered.promise;
    clearTimeout(timer);
    unsubscribe();
    return this.#other.get();
  }

  /** This tab's call began, or changed its session. */
  announce(sessionId: string): void {
    this.#say({ type: 'here', from: this.#tabId, sessionId });
  }

  /** This tab has no call any more. */
  retract(): void {
    this.#say({ type: 'gone', from: this.#tabId });
  }

  /** What is needed to go on here with the other tab's call; null when that tab is silent or done. */
  async take(): Promise<KeptCall | null> {
    const other = this.#other.get();
    if (other === null) return null;
    const call = await new Promise<KeptCall | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), answerMs);
      this.#given = (given) => {
        clearTimeout(timer);
        resolve(given);
      };
      this.#say({ type: 'want', from: this.#tabId, to: other.tabId });
    });
    this.#given = null;
    if (call === null) this.#forget(other.tabId);
    return call;
  }

  close(): void {
    this.retract();
    this.#options.channel.close();
  }

  #receive(message: TabMessage): void {
    switch (message.type) {
      case 'who': {
        const call = this.#options.ownCall();
        if (call) this.announce(call.sessionId);
        return;
      }
      case 'here':
        this.#other.set({ tabId: message.from, sessionId: message.sessionId });
        return;
      case 'gone':
        this.#forget(message.from);
        return;
      case 'want':
        if (message.to !== this.#tabId) return;
        this.#say({
          type: 'give',
          from: this.#tabId,
          to: message.from,
          call: this.#options.ownCall(),
        });
        return;
      case 'give':
        if (message.to === this.#tabId) this.#given?.(parseKeptCall(message.call));
        return;
      default:
        // A tab with a newer version of this page.
        return;
    }
  }

  #forget(tabId: string): void {
    if (this.#other.get()?.tabId === tabId) this.#other.set(null);
  }

  #say(message: TabMessage): void {
    this.#options.channel.postMessage(message);
  }
}
