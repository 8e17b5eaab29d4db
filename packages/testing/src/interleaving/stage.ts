import { LocalBus, tool, WorkerRunner, type LLMWorker, type Tool } from '@voicebus/core';
import { z } from 'zod';
import { defineTestAgent, lastWords, transfer } from '../call-with-agents.ts';
import { Conversation } from '../conversation.ts';
import { FakeClock } from '../fake-clock.ts';
import { ScriptedLanguageModel, type ReplyRule } from '../scripted-language-model.ts';
import type { SeededRandom } from './random.ts';

/** Two people call at once; who hangs up makes room for the next. */
const callsAtOnce = 2;
/** None is a part of another: what crosses from one to another is found by its name. */
const sessions = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'] as const;

type Wish = 'plain' | 'handoff' | 'nobody' | 'slow' | 'background';

/** Models take this long to begin, between words, at most: a handful of frames. */
const maxDelayMs = 120;

/** Calls, two at once, and the agents of all of them, on one local bus and one fake clock. */
export class InterleavingStage {
  readonly clock = new FakeClock();
  readonly bus = new LocalBus({ mode: 'frozen' });
  /** Those that go on. */
  readonly calls: Conversation[] = [];
  /** Those that were hung up, with how much had happened in them by then. */
  readonly ended: { readonly call: Conversation; readonly events: number }[] = [];
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
  #callCount = 0;
  /** Calls in which somebody should have the floor: it was taken, or the user waits for an answer. */
  readonly #occupied = new Set<string>();
  /** Processes that are cut off, and what cancels their return. */
  readonly #cutOff = new Map<string, () => void>();
  #unfinished: (() => void)[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** The process that crashes and comes back; undefined while it is gone. */
  get agents(): WorkerRunner | undefined {
    return this.#agents;
  }

  /** Every process with agents that runs. */
  get agentRunners(): WorkerRunner[] {
    return [this.#agents, this.#standBy].filter((agents) => agents !== undefined);
  }

  async start(): Promise<void> {
    await this.restartAgents();
    if (this.#random.next() < 0.5) this.#standBy = await this.#startAgents('stand-by');
    for (let count = 0; count < callsAtOnce; count += 1) await this.#newCall();
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
    this.#occupied.add(call.sessionId);
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
    this.#cutOff.get(agents.incarnation)?.();
    this.#cutOff.delete(agents.incarnation);
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
    const alive = this.agentRunners;
    if (alive.length > 0) this.bus.doubt(this.#random.pick(alive).incarnation);
  }

  /** Somebody takes the floor from that agent; until the user speaks nobody need have it. */
  deactivate(call: Conversation, agent: string): void {
    const deactivate = async (): Promise<void> => {
      await call.main.deactivateWorker(agent);
      if (call.bridge.owner.holder === null) this.#occupied.delete(call.sessionId);
    };
    this.track(`deactivate ${agent}`, deactivate());
  }

  /** That process is cut off for so long, and knows. */
  unplug(runner: WorkerRunner | undefined, forMs: number): void {
    if (!runner || this.#cutOff.has(runner.incarnation)) return;
    const { incarnation } = runner;
    this.bus.unplug(incarnation);
    const cancel = this.clock.after(forMs, () => this.#plugIn(incarnation));
    this.#cutOff.set(incarnation, cancel);
  }

  /**
   * The caller hangs up, or is said good-bye to, and somebody else calls. Its process goes on. The last one stays
   * until the next is there: something is to happen to somebody.
   */
  end(call: Conversation): void {
    if (this.calls.length < callsAtOnce || this.#callCount >= sessions.length) return;
    this.calls.splice(this.calls.indexOf(call), 1);
    this.#occupied.delete(call.sessionId);
    this.#plugIn(call.runner.incarnation);
    const hangUp = async (): Promise<void> => {
      if (this.#random.next() < 0.5) await call.main.end('agent-ended');
      await call.hangUp();
      this.ended.push({ call, events: call.events.length });
    };
    this.track(`end of ${call.sessionId}`, hangUp());
    this.track('a new call', this.#newCall());
  }

  /** Whether somebody should have the floor in that call, and could. */
  needsHolder({ sessionId, runner }: Conversation): boolean {
    const couldServe = this.agentRunners.some(({ incarnation }) => !this.#cutOff.has(incarnation));
    return couldServe && this.#occupied.has(sessionId) && !this.#cutOff.has(runner.incarnation);
  }

  /** Whoever is cut off is not any more. */
  plugAllIn(): void {
    for (const incarnation of this.#cutOff.keys()) this.#plugIn(incarnation);
  }

  async close(): Promise<void> {
    this.plugAllIn();
    this.finishTools();
    for (const call of [...this.calls, ...this.ended.map(({ call: over }) => over)])
      await call.close();
    for (const agents of this.agentRunners) await this.clock.until(agents.cancel());
  }

  #plugIn(incarnation: string): void {
    this.#cutOff.get(incarnation)?.();
    if (this.#cutOff.delete(incarnation)) this.bus.plugIn(incarnation);
  }

  async #newCall(): Promise<void> {
    const sessionId = sessions[this.#callCount] ?? '';
    this.#callCount += 1;
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
    call.runner.events(sessionId).onEvent(({ type }) => {
      if (type === 'handoff-accepted') this.#occupied.add(sessionId);
    });
    this.calls.push(call);
    this.track(
      'first activation',
      call.main.activateWorker('greeter', {
        args: { messages: [{ role: 'developer', content: 'Welcome.' }] },
      }),
    );
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
