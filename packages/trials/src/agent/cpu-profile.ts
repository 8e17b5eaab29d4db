import { Session, type Profiler } from 'node:inspector/promises';
import type { ProfileShare } from './probe-sample.ts';

/** Fine enough for a tick of 20 ms, and less than a hundredth of the time itself. */
const samplingMicroseconds = 500;

/** Where the main thread's time goes, from `start` to `stop`. */
export class CpuProfile {
  readonly #session = new Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.setSamplingInterval', { interval: samplingMicroseconds });
    await this.#session.post('Profiler.start');
  }

  /** Shares of the whole time, the largest first; waiting is among them as "(idle)". */
  async stop(): Promise<ProfileShare[]> {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#session.disconnect();
    return sharesOf(profile);
  }
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ProfileShare[] {
  const nameOf = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const msOf = new Map<string, number>();
  let wholeMs = 0;
  for (const [index, id] of samples.entries()) {
    const ms = (timeDeltas[index] ?? 0) / 1_000;
    const name = nameOf.get(id) ?? '(unknown)';
    msOf.set(name, (msOf.get(name) ?? 0) + ms);
    wholeMs += ms;
  }
  return [...msOf]
    .map(([name, ms]) => ({ name, share: ms / wholeMs }))
    .toSorted((first, second) => second.share - first.share);
}

/** A package, a file of ours, or what the engine calls its own work. */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(engine)';
  const dependency = url.split('/node_modules/').at(-1);
  if (url.includes('/node_modules/')) return dependency?.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? url;
  if (url.startsWith('wasm:')) return `${url.slice(0, 12)} ${functionName}`;
  if (url.startsWith('node:')) return url;
  return url.split('/').slice(-2).join('/');
}
