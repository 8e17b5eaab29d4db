import type { ToolCall } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { asVoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame, type LLMContextView } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import { systemClock } from '../clock/clock.ts';
import { GenerationAhead, type GenerationRequest } from './generation-ahead.ts';
import type { LanguageModel } from './language-model.ts';
import { readGeneration, type ReadGeneration } from './read-generation.ts';
import { runTool, type ToolOutcome } from './run-tool.ts';
import { describeTools, type Tool } from './tool.ts';

export interface LLMProcessorOptions<Host> {
  readonly llm: LanguageModel;
  /** Name of the agent that speaks. */
  readonly agent: string;
  readonly instructions: string | (() => string);
  /** Read anew for every generation. */
  readonly tools: () => Readonly<Record<string, Tool<Host>>>;
  /** Handed to tools. */
  readonly worker: Host;
  /**
   * Asked after each part of an answer. Undefined: whoever it is for follows. Otherwise the model pauses
   * until it resolves; the answer fails when it rejects. It ends at once when the signal is aborted.
   */
  readonly whenDrained?: (signal: AbortSignal) => Promise<void> | undefined;
}

/** A model that calls tools round after round would never answer: after these it has to say something. */
const maxRounds = 6;

interface Round {
  readonly turnId: string;
  readonly context: LLMContextView;
  readonly signal: AbortSignal;
}

type GenerationKind = 'free' | 'last-round' | 'announcement';

interface Generation {
  readonly messageId: string;
  readonly calls: readonly ToolCall[];
  readonly failed: boolean;
}

/** Runs the model for every context frame: streams its text, runs its tools, and asks it again. */
export class LLMProcessor<Host = unknown> extends FrameProcessor {
  readonly #options: LLMProcessorOptions<Host>;
  readonly #model: GenerationAhead;
  readonly #over = new AbortController();
  #clock: Clock = systemClock;
  #sessionId = '';
  #running = 0;
  #round: Round | undefined;

  constructor(options: LLMProcessorOptions<Host>) {
    super(`${options.agent}:llm`);
    this.#options = options;
    this.#model = new GenerationAhead(options.llm, () => this.#clock);
  }

  /** True while at least one tool runs. */
  get toolCallActive(): boolean {
    return this.#running > 0;
  }

  /** From a running tool: the model speaks once, without tools, on its context as it is now. */
  async speakOnce(): Promise<void> {
    if (this.#round) await this.#generate(this.#round, 'announcement');
  }

  /** What was prepared will not be asked for here. */
  forgetPrepared(): void {
    this.#model.drop();
  }

  override cleanup(): void {
    this.forgetPrepared();
    this.#over.abort();
  }

  override attach({ clock, sessionId }: PipelineEnvironment): void {
    this.#clock = clock;
    this.#sessionId = sessionId;
  }

  protected override process(
    frame: Frame,
    direction: Direction,
    signal: AbortSignal,
  ): void | Promise<void> {
    if (frame.kind === 'llm-prepare') {
      if (frame.message === null) this.#model.drop();
      else this.#model.prepare(this.#request([...frame.context.messages, frame.message], 'free'));
      return;
    }
    if (frame.kind !== 'llm-context') {
      this.push(frame, direction);
      return;
    }
    return this.#answer({ turnId: frame.turnId, context: frame.context, signal });
  }

  async #answer(round: Round): Promise<void> {
    this.#round = round;
    for (let count = 0; count < maxRounds && !round.signal.aborted; count += 1) {
      const { messageId, calls, failed } = await this.#generate(
        round,
        count === maxRounds - 1 ? 'last-round' : 'free',
      );
      if (failed || calls.length === 0 || round.signal.aborted) return;
      const goOn = await this.#runTools(calls, round);
      if (goOn) continue;
      // The turn is over without another word.
      if (!round.signal.aborted) {
        this.push(
          createFrame('llm-response-end', { turnId: round.turnId, messageId, reason: 'stop' }),
        );
      }
      return;
    }
  }

  #request(messages: LLMContextView['messages'], kind: GenerationKind): GenerationRequest {
    const { agent, instructions, tools } = this.#options;
    return {
      sessionId: this.#sessionId,
      agent,
      instructions: typeof instructions === 'function' ? instructions() : instructions,
      messages,
      tools: describeTools(tools()),
      ...(kind === 'free' ? {} : { toolChoice: 'none' as const }),
    };
  }

  async #generate({ turnId, context, signal }: Round, kind: GenerationKind): Promise<Generation> {
    const mayCall = kind === 'free';
    const { agent } = this.#options;
    const messageId = nextId('message');
    const request = this.#request(context.messages, kind);
    const aheadMs = this.#model.aheadMs(request) ?? undefined;
    this.push(createFrame('llm-response-start', { turnId, messageId, agent, aheadMs }));
    let generation: ReadGeneration;
    try {
      generation = await readGeneration({
        llm: this.#model,
        clock: this.#clock,
        request: { ...request, signal },
        onText: (text) => this.push(createFrame('llm-text', { turnId, messageId, text })),
        whenDrained: this.#options.whenDrained,
      });
    } catch (thrown) {
      if (signal.aborted) return { messageId, calls: [], failed: false };
      this.#failed(thrown, turnId, messageId);
      return { messageId, calls: [], failed: true };
    }
    const { text, calls, end } = generation;
    // The calls of a generation that was interrupted never run.
    if (signal.aborted) return { messageId, calls: [], failed: false };
    if (text !== '') {
      context.propose({
        type: 'append',
        message: { id: messageId, role: 'assistant', content: text, agent },
      });
    }
    this.push(
      createFrame('llm-response-end', {
        turnId,
        messageId,
        // An announcement is made while a tool runs: the turn goes on after it.
        reason:
          kind === 'announcement' || (mayCall && calls.length > 0) ? 'tool-calls' : end.reason,
        inputTokens: end.usage?.inputTokens,
        outputTokens: end.usage?.outputTokens,
        provider: end.by?.provider,
        model: end.by?.model,
      }),
    );
    return { messageId, calls: mayCall ? calls : [], failed: false };
  }

  /** True when the model is to speak about the results. */
  async #runTools(calls: readonly ToolCall[], round: Round): Promise<boolean> {
    const outcomes = await Promise.all(calls.map((call) => this.#runCall(call, round)));
    return !round.signal.aborted && outcomes.some(({ runLlm }) => runLlm);
  }

  async #runCall(call: ToolCall, { turnId, context, signal }: Round): Promise<ToolOutcome> {
    const tool = this.#options.tools()[call.name];
    this.push(createFrame('tool-started', { turnId, call }));
    const { agent } = this.#options;
    const [callMessageId, resultId] = [`call-${call.id}`, `result-${call.id}`];
    context.propose({
      type: 'append',
      message: { id: callMessageId, role: 'assistant', content: '', agent, toolCalls: [call] },
    });
    context.propose({
      type: 'append',
      message: {
        id: resultId,
        role: 'tool',
        toolCallId: call.id,
        name: call.name,
        content: 'null',
        status: 'in-progress',
      },
    });
    this.#running += 1;
    const outcome = await runTool({
      tool,
      call,
      turnId,
      sessionId: this.#sessionId,
      worker: this.#options.worker,
      clock: this.#clock,
      interrupted: signal,
      over: this.#over.signal,
    });
    this.#running -= 1;
    const { status, content, durationMs } = outcome;
    context.propose({ type: 'patch', messageId: resultId, content, status });
    // After an interruption nobody waits for this result: a turn of its own tells it.
    const run = signal.aborted && status !== 'cancelled' && outcome.runLlm;
    this.push(
      createFrame('tool-ended', {
        turnId,
        callId: call.id,
        name: call.name,
        status,
        content,
        durationMs,
        run,
      }),
    );
    return outcome;
  }

  #failed(thrown: unknown, turnId: string, messageId: string): void {
    const error = asVoicebusError(thrown, 'provider-failed', `${this.#options.llm.name} failed`);
    this.push(createFrame('llm-response-end', { turnId, messageId, reason: 'error' }));
    this.push(
      createFrame('error', {
        component: this.name,
        code: error.code,
        message: error.message,
        fatal: false,
      }),
      'upstream',
    );
  }
}
