import type { BusBody } from '@voicebus/protocol';
import type { BusMessage } from '../bus/envelope.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import type { LanguageModel } from '../model/language-model.ts';
import { LLMProcessor } from '../model/llm-processor.ts';
import type { Tool, ToolContext } from '../model/tool.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import {
  PipelineWorker,
  type PipelineActivateOptions,
  type PipelineWorkerOptions,
} from './pipeline-worker.ts';
import { withIds, type ActivationArgs, type NewMessage } from './worker.ts';

export interface LLMWorkerOptions extends PipelineWorkerOptions {
  readonly llm: LanguageModel;
  readonly instructions: string | (() => string);
  readonly tools?: Readonly<Record<string, Tool<LLMWorker>>>;
  /** Name of the voice it speaks with. */
  readonly voice?: string;
  /** How callers see it; default: its name. */
  readonly label?: string;
}

export interface LLMActivateOptions extends PipelineActivateOptions {
  /** Says this first, wholly, before the target speaks: the model is run on these messages. */
  readonly messages?: readonly NewMessage[];
  /** Why, for the people who watch. */
  readonly reason?: string;
  /** A tool's own: it is told the outcome, and the model says nothing more about it. */
  readonly resultCallback?: ToolContext['resultCallback'];
}

/** The owner answers after its own two deadlines (0.6 s to find, prepare and activate each). */
const handoffTimeoutMs = 3_000;

/** An agent: a language model with instructions and tools, behind somebody else's microphone and voice. */
export class LLMWorker extends PipelineWorker {
  readonly llm: LLMProcessor<LLMWorker>;
  readonly #llmOptions: LLMWorkerOptions;
  #activationTurnId: string | null = null;

  constructor(name: string, options: LLMWorkerOptions) {
    const holder: { worker?: LLMWorker } = {};
    const llm = new LLMProcessor<LLMWorker>({
      llm: options.llm,
      agent: name,
      instructions: options.instructions,
      tools: () => holder.worker?.buildTools() ?? {},
      whenDrained: (signal) => holder.worker?.edge?.whenDrained(signal),
      get worker(): LLMWorker {
        return holder.worker as LLMWorker;
      },
    });
    super(name, new Pipeline([llm], name), { active: false, bridged: [], ...options });
    holder.worker = this;
    this.llm = llm;
    this.#llmOptions = options;
  }

  override get label(): string {
    return this.#llmOptions.label ?? this.name;
  }

  /** What the model may call now. Override to make it depend on the conversation. */
  buildTools(): Readonly<Record<string, Tool<LLMWorker>>> {
    return this.#llmOptions.tools ?? {};
  }

  /**
   * From a tool: hands the floor to another agent with `deactivateSelf: true`. Resolves when the other one
   * has it; rejects with the reason while this one keeps it.
   */
  override async activateWorker(name: string, options: LLMActivateOptions = {}): Promise<void> {
    if (!this.bridged || !this.active || !this.edge?.owner)
      return super.activateWorker(name, options);
    if (!options.deactivateSelf) {
      const { bridged } = await this.locate(name);
      if (!bridged) return super.activateWorker(name, options);
      throw new VoicebusError(
        'floor-held',
        `${this.name} holds the floor: pass deactivateSelf to give it to ${name}.`,
      );
    }
    if (options.messages) await this.#announce(options.messages);
    const requestId = nextId('request');
    const messages = withIds(options.args?.messages ?? []);
    const reply = this.replies.wait<BusBody<'handoff-result'>>(
      requestId,
      handoffTimeoutMs,
      'The session’s owner',
    );
    this.edge.send('handoff-request', {
      requestId,
      target: name,
      callId: options.resultCallback?.callId ?? null,
      messages,
      run: options.args?.runLlm ?? messages.length > 0,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(options.args?.metadata ? { metadata: { ...options.args.metadata } } : {}),
    });
    const result = await reply;
    if (!result.ok) {
      throw new VoicebusError(
        'handoff-refused',
        result.message ?? `${name} did not take the floor.`,
        {
          data: { target: name, code: result.code ?? 'handoff-refused' },
        },
      );
    }
    options.resultCallback?.(null, { runLlm: false });
  }

  /** Ends the call, after what was promised was said. From a tool. */
  endSession(context: ToolContext, detail?: string): void {
    context.resultCallback({ ended: true }, { runLlm: false });
    this.edge?.send('end-request', {
      callId: context.callId,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  /** Shows the caller something on the page, e.g. `suggestions`. */
  sendToClient(name: string, payload: unknown): void {
    this.edge?.send('client-message', { name, payload });
  }

  /** Keeps something in the session: it outlives this agent and its process. */
  updateState(patch: Readonly<Record<string, unknown>>): void {
    this.edge?.send('state-update', { patch: { ...patch } });
  }

  protected override onActivated(_args: ActivationArgs): void | Promise<void> {
    const turnId = this.#activationTurnId;
    this.#activationTurnId = null;
    if (turnId !== null) this.edge?.run(turnId);
  }

  protected override onDeactivated(): void | Promise<void> {
    this.llm.forgetPrepared();
    this.queueFrame(createFrame('interruption', { by: 'agent' }));
  }

  protected override adoptActivation(message: BusMessage<'activate'>): void {
    super.adoptActivation(message);
    this.#activationTurnId = message.body.runTurnId;
  }

  protected override preparation(bridge: string | null): Omit<BusBody<'prepared'>, 'handoffId'> {
    const { voice } = this.#llmOptions;
    return {
      ...super.preparation(bridge),
      label: this.label,
      ...(voice === undefined ? {} : { voice }),
    };
  }

  /** The model speaks on these messages; the owner hears it before the handoff request, in order. */
  async #announce(messages: readonly NewMessage[]): Promise<void> {
    for (const message of withIds(messages)) this.edge?.mirror.propose({ type: 'append', message });
    await this.llm.speakOnce();
  }
}
