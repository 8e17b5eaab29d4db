import { LocalBus, tool, WorkerRunner, type LLMWorker, type Tool } from '@voicebus/core';
import { z } from 'zod';
import { defineTestAgent, lastWords, transfer } from '../call-with-agents.ts';
import { Conversation } from '../conversation.ts';
import { FakeClock } from '../fake-clock.ts';
import { ScriptedLanguageModel, type ReplyRule } from '../scripted-language-model.ts';
import type { SeededRandom } from './random.ts';

type Wish = 'plain' | 'handoff' | 'nobody' | 'slow' | 'background';

/** Models take this long to begin, between words, at most: a handful of frames. */
const maxDelayMs = 120;

/** Two calls and the agents of both, on one local bus and one fake clock. */
export class InterleavingStage {
  readonly clock = new FakeClock();
  readonly bus = new LocalBus({ mode: 'frozen' });
  readonly calls: Conversation[] = [];
  /** What was started and has not settled, by name. */
  readonly pending = new Map<number, string>();
  /** Every text an agent's model was asked for, by session, to find what crossed over. */
  readonly asked: { readonly sessionId: string; readonly text: string }[] = [];
  readonly #random: SeededRandom;
  #agents: WorkerRunner | undefined;
  /** The same roles once more, in a process that never crashes; in every second run. */
  #standBy: WorkerRunner | undefined;
  #count = 0;
  #words = 0;
  #unfinished: (() => void)[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  get agentsAreUp(): boolean {
    return this.#agents !== undefined;
  }

  async start(): Promise<void> {
    await this.restartAgents();
    if (this.#random.next() < 0.5) this.#standBy = await this.#startAgents('stand-by');
    for (const sessionId of ['first', 'second']) {
      const call = new Conversation({
        clock: this.clock,
        bus: this.bus,
        sessionId,
        runnerName: `transport-${sessionId}`,
        runner: { random: () => this.#random.next() },
        fallbackAgent: 'greeter',
        responseTimeoutMs: 4_000,
        // A caller who is asked whether they are there makes a run twice as long: every fourth.
        turns: { callerIdleMs: this.#random.next() < 0.25 ? 8_000 : Infinity },
      });
      await call.start();
      this.calls.push(call);
      this.track(
        'first activation',
        call.main.activateWorker('greeter', {
          args: { messages: [{ role: 'developer', content: 'Welcome.' }] },
        }),
      );
    }
  }

  /** Remembers a promise until it settles, whichever way. */
  track(name: string, promise: Promise<unknown>): void {
    this.#count += 1;
    const key = this.#count;
    this.pending.set(key, name);
    const settled = (): void => void this.pending.delete(key);
    promise.then(settled, settled);
  }

  /** Words that name their session and are said once. */
  nextWords(call: Conversation, wish: Wish): string {
    this.#words += 1;
    return `${call.sessionId} ${wish} w${this.#words}`;
  }

  say(call: Conversation, wish: Wish): void {
    this.track('type', call.type(this.nextWords(call, wish)));
  }

  finishTools(): void {
    for (const finish of this.#unfinished.splice(0)) finish();
  }

  /** The process is gone without a word: nothing is sent or received any more. */
  crashAgents(): void {
    const agents = this.#agents;
    if (!agents) return;
    this.#agents = undefined;
    this.bus.cut(agents.incarnation);
    // Nothing of what it does from here on reaches anybody; this only frees its timers.
    this.track('end of a crashed process', agents.cancel());
  }

  async restartAgents(): Promise<void> {
    if (this.#agents) return;
    this.#agents = await this.#startAgents('agents');
  }

  /** Somebody is taken to be dead, rightly or not. */
  doubtAgents(): void {
    const alive = [this.#agents, this.#standBy].filter((agents) => agents !== undefined);
    if (alive.length > 0) this.bus.doubt(this.#random.pick(alive).incarnation);
  }

  async close(): Promise<void> {
    this.finishTools();
    for (const call of this.calls) await call.close();
    for (const agents of [this.#agents, this.#standBy])
      await this.clock.until(agents?.cancel() ?? Promise.resolve());
  }

  async #startAgents(name: string): Promise<WorkerRunner> {
    const agents = new WorkerRunner({ bus: this.bus, clock: this.clock, name });
    const llm = new ScriptedLanguageModel({
      clock: this.clock,
      replies: (request, index) => this.#reply(request, index),
    });
    const handoffs = ['greeter', 'support', 'nobody'].map((agent) => ({ agent, when: 'asked' }));
    const tools = { slow: this.#tool(true), background: this.#tool(false) };
    for (const role of ['greeter', 'support'])
      agents.serve(defineTestAgent(role, { handoffs, tools }), { llm });
    await agents.start();
    return agents;
  }

  #reply(request: Parameters<ReplyRule>[0], _index: number): ReturnType<ReplyRule> {
    const words = lastWords(request);
    this.asked.push({ sessionId: request.sessionId, text: JSON.stringify(request.messages) });
    const delays = {
      delayMs: this.#random.between(0, maxDelayMs),
      msPerWord: this.#random.between(0, maxDelayMs / 4),
    };
    const isAfterTool = request.messages.at(-1)?.role === 'tool';
    const other = request.agent === 'greeter' ? 'support' : 'greeter';
    if (!isAfterTool && words.includes(' handoff '))
      return { ...delays, ...asReply(transfer(other, `Take over: ${words}`, 'I connect you.')) };
    if (!isAfterTool && words.includes(' nobody '))
      return { ...delays, ...asReply(transfer('nobody', 'x', 'One moment.')) };
    if (!isAfterTool && words.includes(' slow '))
      return { ...delays, text: 'Let me see.', toolCalls: [{ name: 'slow' }] };
    if (!isAfterTool && words.includes(' background '))
      return { ...delays, text: 'I look.', toolCalls: [{ name: 'background' }] };
    return { ...delays, text: `${request.agent} answers ${words} .` };
  }

  #tool(cancelOnInterruption: boolean): Tool<LLMWorker> {
    return tool({
      description: 'Takes until it is finished.',
      parameters: z.object({}),
      cancelOnInterruption,
      timeoutMs: 3_000,
      execute: () =>
        new Promise((resolve) => {
          this.#unfinished.push(() => resolve({ done: true }));
        }),
    });
  }
}

function asReply(reply: ReturnType<ReplyRule>): Exclude<ReturnType<ReplyRule>, string> {
  return typeof reply === 'string' ? { text: reply } : reply;
}
