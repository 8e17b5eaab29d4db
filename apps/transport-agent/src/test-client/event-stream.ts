/** A stream of server-sent events, read by hand: `fetch` gives no EventSource. */
export class EventStream {
  readonly received: { readonly event: string; readonly data: Record<string, unknown> }[] = [];
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();

  static async open(url: string): Promise<EventStream> {
    const stream = new EventStream();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream' },
      signal: stream.#abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`No stream: ${response.status}`);
    void stream.#read(response.body).catch(() => {});
    return stream;
  }

  /** Resolves once what was received fits; throws after ten seconds. */
  async until(fits: (received: EventStream['received']) => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => done.reject(new Error(`It did not come: ${JSON.stringify(this.received.at(-1))}`)),
      10_000,
    );
    const listen = (): void => {
      if (fits(this.received)) done.resolve();
    };
    this.#listeners.add(listen);
    listen();
    await done.promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listen);
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const [, event, data] = /^event: (\S+)\ndata: (.*)$/.exec(block) ?? [];
    if (event === undefined || data === undefined) return;
    this.received.push({ event, data: JSON.parse(data) as Record<string, unknown> });
    for (const listener of this.#listeners) listener();
  }
}
