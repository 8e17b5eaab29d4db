/** What a stream of server-sent events tells: the whole, then what changes. */
export interface FeedHandlers {
  readonly onSnapshot: (data: unknown) => void;
  /** Named `delta` or `event`, as the stream calls its changes. */
  readonly onChange: (data: unknown) => void;
  readonly onState: (state: FeedState) => void;
}

export type FeedState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open'; readonly url: string }
  /** No server answered; it is tried again by itself. */
  | { readonly kind: 'unreachable'; readonly url: string };

export interface LiveFeedOptions extends FeedHandlers {
  /** Tried in order, round and round. */
  readonly urls: readonly string[];
  readonly path: string;
  readonly changeName: 'delta' | 'event';
}

/** A stream that says nothing this long after it was opened is not the one that we want. */
const openDeadlineMs = 4000;
const retryMs = 1500;

/** Follows a stream on the first transport agent that answers; every opening begins with a snapshot. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #index = 0;
  #closed = false;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    options.onState({ kind: 'connecting' });
    this.#open();
  }

  /** Asks for everything again, as after a gap. */
  restart(): void {
    this.#source?.close();
    clearTimeout(this.#timer);
    if (!this.#closed) this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#source?.close();
    clearTimeout(this.#timer);
  }

  #open(): void {
    const { urls, path, changeName, onSnapshot, onChange, onState } = this.#options;
    const url = urls[this.#index % urls.length];
    if (url === undefined) return;
    const source = new EventSource(new URL(path, url));
    this.#source = source;
    const fail = () => {
      if (this.#source !== source || this.#closed) return;
      source.close();
      this.#index += 1;
      onState({ kind: 'unreachable', url });
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#open(), retryMs);
    };
    this.#timer = setTimeout(fail, openDeadlineMs);
    source.addEventListener('snapshot', (event) => {
      clearTimeout(this.#timer);
      onState({ kind: 'open', url });
      onSnapshot(parseJson(event.data));
    });
    source.addEventListener(changeName, (event) => onChange(parseJson(event.data)));
    source.onerror = fail;
  }
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
