import type { LLMContext } from '../context/llm-context.ts';
import type { SessionEvents } from '../events/session-events.ts';
import type { Direction, Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';

/** A message of the bot's on its way from the model to the caller's ear. */
interface Message {
  readonly turnId: string;
  readonly messageId: string;
  readonly agent: string;
  text: string;
  heardCharacters: number;
  /** The model has written all of it, and it stands in the context. */
  isWritten: boolean;
  isHeard: boolean;
}

/** Stands after the transport's output: writes into the context what the bot said and did, as it was heard. */
export class AssistantAggregator extends FrameProcessor {
  readonly #context: LLMContext;
  #events: SessionEvents | undefined;
  readonly #messages = new Map<string, Message>();
  /** Turns whose last generation is over. */
  readonly #generated = new Set<string>();

  constructor(context: LLMContext) {
    super('assistant-aggregator');
    this.#context = context;
  }

  /** An answer is being written, or not all of it was heard yet, also while nothing of it sounds. */
  get isAnswering(): boolean {
    return this.#messages.size > 0;
  }

  override attach({ events }: PipelineEnvironment): void {
    this.#events = events;
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (direction === 'downstream') this.#take(frame);
    this.push(frame, direction);
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case 'llm-response-start': {
        const { turnId, messageId, agent } = frame;
        this.#generated.delete(turnId);
        this.#messages.set(messageId, {
          turnId,
          messageId,
          agent,
          text: '',
          heardCharacters: 0,
          isWritten: false,
          isHeard: false,
        });
        return;
      }
      case 'llm-text':
        this.#write(frame);
        return;
      case 'llm-response-end':
        this.#written(frame);
        return;
      case 'tool-started':
        this.#toolStarted(frame);
        return;
      case 'tool-ended':
        this.#context.apply({
          type: 'patch',
          messageId: `result-${frame.callId}`,
          content: frame.content,
          status: frame.status,
        });
        return;
      case 'bot-heard':
        this.#heard(frame);
        return;
      case 'interruption':
        this.#interrupted();
        return;
      default:
        return;
    }
  }

  #write({ messageId, text }: Frame<'llm-text'>): void {
    const message = this.#messages.get(messageId);
    if (!message) return;
    message.text += text;
    this.#show(message, false);
  }

  #written({ messageId, turnId, reason }: Frame<'llm-response-end'>): void {
    const message = this.#messages.get(messageId);
    if (message) this.#commit(message);
    if (reason !== 'tool-calls') this.#generated.add(turnId);
    this.#closeTurn(turnId);
  }

  /** From here on it is part of the conversation; an interruption may still shorten it. */
  #commit(message: Message): void {
    if (message.isWritten) return;
    message.isWritten = true;
    if (message.text.trim() === '') {
      this.#messages.delete(message.messageId);
      return;
    }
    const { messageId, text, agent } = message;
    this.#context.append({ id: messageId, role: 'assistant', content: text, agent });
    this.#show(message, true);
  }

  #toolStarted({ call }: Frame<'tool-started'>): void {
    for (const message of this.#messages.values()) this.#commit(message);
    this.#context.append({
      id: `call-${call.id}`,
      role: 'assistant',
      content: '',
      toolCalls: [call],
    });
    this.#context.append({
      id: `result-${call.id}`,
      role: 'tool',
      toolCallId: call.id,
      name: call.name,
      content: 'null',
      status: 'in-progress',
    });
  }

  #heard({ messageId, characters, final, interrupted }: Frame<'bot-heard'>): void {
    const message = this.#messages.get(messageId);
    if (!message) return;
    message.heardCharacters =
      final && !interrupted ? message.text.length : Math.min(characters, message.text.length);
    if (interrupted) return; // the interruption that follows settles it
    this.#tell(message, false);
    if (!final) return;
    message.isHeard = true;
    this.#messages.delete(messageId);
    this.#closeTurn(message.turnId);
  }

  #interrupted(): void {
    const turns = new Set([...this.#messages.values()].map(({ turnId }) => turnId));
    for (const message of this.#messages.values()) {
      this.#commit(message);
      this.#context.apply({
        type: 'truncate',
        messageId: message.messageId,
        heardCharacters: message.heardCharacters,
      });
      // Whoever is shown it is shown what the model will know of it: whole words.
      const kept = this.#context.messages.find(({ id }) => id === message.messageId);
      message.heardCharacters = kept?.content.length ?? 0;
      this.#tell(message, true);
    }
    this.#messages.clear();
    this.#generated.clear();
    for (const turnId of turns) this.#events?.emit('turn-ended', { turnId, interrupted: true });
  }

  #closeTurn(turnId: string): void {
    if (!this.#generated.has(turnId)) return;
    if ([...this.#messages.values()].some((message) => message.turnId === turnId)) return;
    this.#generated.delete(turnId);
    this.#events?.emit('turn-ended', { turnId, interrupted: false });
  }

  #show({ turnId, messageId, agent, text }: Message, done: boolean): void {
    this.#events?.emit('bot-text', { turnId, messageId, agent, text, done });
  }

  #tell({ turnId, messageId, agent, heardCharacters }: Message, interrupted: boolean): void {
    this.#events?.emit('bot-heard', { turnId, messageId, agent, heardCharacters, interrupted });
  }
}
