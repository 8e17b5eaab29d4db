import { setTimeout as delay } from 'node:timers/promises';
import { VirtualCaller } from '@voicebus/testing/system';
import type { ServedChannel } from './served-channel.ts';

export interface HeldCalls {
  readonly calls: number;
  /** Questions that were answered. */
  readonly turns: number;
  /** Nobody was killed: each of these is one too many. */
  readonly takeovers: number;
  /** How often a runner that lives was declared lost. */
  readonly lost: number;
  /** How often a caller was told that something is wrong. */
  readonly problems: number;
}

const calls = 4;
const betweenTurnsMs = 3_000;

/** Callers who stay, and ask something every few seconds, while nothing happens to anybody. */
export async function holdCalls(channel: ServedChannel, forMs: number): Promise<HeldCalls> {
  const { url } = channel.transport;
  const endsMs = performance.now() + forMs;
  using watch = await LostWatch.start(url);
  const callers = await Promise.all(
    Array.from({ length: calls }, () => VirtualCaller.call({ url })),
  );
  const turns = await Promise.all(callers.map((caller) => talk(caller, endsMs)));
  const of = (count: (caller: VirtualCaller) => number): number =>
    callers.reduce((sum, caller) => sum + count(caller), 0);
  const held = {
    calls,
    turns: turns.reduce((sum, count) => sum + count, 0),
    takeovers: of(
      ({ events }) =>
        events.of('handoff-requested').filter(({ reason }) => reason === 'takeover').length,
    ),
    lost: watch.count,
    problems: of(({ events }) => events.of('problem').length),
  };
  for (const caller of callers) {
    caller.send({ type: 'end-call' });
    await caller.close();
  }
  return held;
}

/** How many answers one caller had. */
async function talk(caller: VirtualCaller, endsMs: number): Promise<number> {
  await caller.untilEvent('bot-stopped-speaking');
  let turns = 0;
  while (performance.now() < endsMs) {
    const after = caller.events.lastSequence;
    caller.type(`sentence ${turns}`);
    await caller.untilEvent('bot-stopped-speaking', { after, limitMs: 30_000 });
    turns += 1;
    await delay(betweenTurnsMs);
  }
  return turns;
}

/** Counts what the registry of a transport agent declares lost, also what comes back afterwards. */
class LostWatch implements Disposable {
  count = 0;
  readonly #stop = new AbortController();

  static async start(url: string): Promise<LostWatch> {
    const watch = new LostWatch();
    const { body } = await fetch(`${url}/v1/registry`, {
      headers: { accept: 'text/event-stream' },
      signal: watch.#stop.signal,
    });
    if (!body) throw new Error('The registry does not answer.');
    watch.#read(body).catch(() => {});
    return watch;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of body) {
      const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      this.count += events.filter((event) => event.includes('"state":"lost"')).length;
    }
  }
}
