import { SeededRandom } from '@voicebus/testing';
import { speak, VirtualCaller } from '@voicebus/testing/system';
import {
  startProbedTransportAgent,
  type ProbedTransportAgent,
} from '../agent/probed-transport-agent.ts';
import { playCall } from './soak-caller.ts';
import { judgeSoak } from './judge-soak.ts';
import { takeSample, type SoakSample } from './soak-sample.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly textCallers: number;
  readonly voiceCallers: number;
  readonly onSample: (sample: SoakSample, calls: number) => void;
  readonly onNote: (text: string) => void;
}

export interface SoakResult {
  readonly samples: readonly SoakSample[];
  readonly calls: number;
  readonly problems: readonly string[];
}

/** As many sessions as the local bus keeps the events of: from then on history does not grow. */
const keptSessions = 1_000;
/** A session whose caller hung up without a word is gone after half a minute. */
const goneMs = 35_000;
const samplesInAll = 40;

/** Random calls against one transport agent until time is up; afterwards nothing of them may be left. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const agent = await startProbedTransportAgent();
  const speech = await speak('flite-slt', 'Hello there, my good friends.').catch(() => null);
  const run = new SoakRun(agent, options, speech);
  try {
    const before = await agent.objects();
    await run.fillHistory();
    await run.play();
    options.onNote('all callers have left');
    await new Promise((resolve) => setTimeout(resolve, goneMs));
    options.onNote('counting what is left');
    const left = differences(before, await agent.objects());
    return { samples: run.samples, calls: run.calls, problems: [...run.problems(), ...left] };
  } finally {
    await agent.stop();
  }
}

class SoakRun {
  readonly samples: SoakSample[] = [];
  calls = 0;
  readonly #agent: ProbedTransportAgent;
  readonly #options: SoakOptions;
  readonly #speech: Int16Array | null;
  readonly #failures: string[] = [];
  #isOver = false;

  constructor(agent: ProbedTransportAgent, options: SoakOptions, speech: Int16Array | null) {
    this.#agent = agent;
    this.#options = options;
    this.#speech = speech;
    void agent.exited.then((code) => {
      if (!this.#isOver) this.#failures.push(`the process ended with ${code}\n${agent.output()}`);
      this.#isOver = true;
    });
  }

  problems(): string[] {
    return [...new Set(this.#failures), ...judgeSoak(this.samples)];
  }

  /** Short calls whose events fill what is kept of ended ones. */
  async fillHistory(): Promise<void> {
    const startedMs = performance.now();
    let opened = 0;
    const lane = async (): Promise<void> => {
      for (; opened < keptSessions + 50 && !this.#isOver;) {
        opened += 1;
        const caller = await VirtualCaller.call({ url: this.#agent.url, audio: false });
        for (const text of ['hello', 'I need support', 'hello', 'take me back']) {
          const after = caller.events.lastSequence;
          caller.type(text);
          await caller.untilEvent('llm-end', { after });
        }
        caller.send({ type: 'end-call' });
        await caller.ended;
        await caller.close();
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    this.#options.onNote(`${opened} calls fill the history, ${seconds(startedMs)} s`);
  }

  async play(): Promise<void> {
    const { minutes, textCallers, voiceCallers } = this.#options;
    const lanes = Array.from({ length: textCallers + voiceCallers }, (_, lane) =>
      this.#lane(lane, lane >= textCallers),
    );
    // From then on as many leave without a word as are given up.
    await new Promise((resolve) => setTimeout(resolve, goneMs));
    const beginsMs = performance.now();
    for (let index = 0; index < samplesInAll && !this.#isOver; index += 1) {
      const dueMs = beginsMs + ((index + 1) * minutes * 60_000) / samplesInAll;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      const sample = await takeSample(this.#agent, performance.now() - beginsMs);
      this.samples.push(sample);
      this.#options.onSample(sample, this.calls);
    }
    this.#isOver = true;
    await Promise.all(lanes);
  }

  async #lane(lane: number, audio: boolean): Promise<void> {
    const random = new SeededRandom(this.#options.seed + lane);
    while (!this.#isOver) {
      try {
        await playCall({ url: this.#agent.url, audio, speech: this.#speech, random });
        this.calls += 1;
        // People do not call again at once; and so the calls, not their beginnings, are the load.
        await new Promise((resolve) => setTimeout(resolve, random.between(0, 2_000)));
      } catch (thrown) {
        this.#failures.push(thrown instanceof Error ? thrown.message : String(thrown));
        // Whatever is wrong is wrong a moment later, too: not ten thousand times a second.
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }
}

function differences(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(after)
    .filter(([name, count]) => count > (before[name] ?? 0))
    .map(([name, count]) => `${count - (before[name] ?? 0)} ${name} are left after the last call`);
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(0);
}
