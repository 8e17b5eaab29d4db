import type { ContextMessage, ContextOperation, VersionedContext } from '@voicebus/protocol';
import { applyOperation } from './apply-operation.ts';

/** A turn's changes are a handful; whoever is further behind gets a snapshot. */
const maxLoggedOperations = 512;

/**
 * The truth about a conversation: what the user said and what they heard. Its owner applies operations
 * and each gets a version; agents keep mirrors and catch up by operations or by a snapshot.
 */
export class LLMContext {
  #messages: readonly ContextMessage[];
  #version: number;
  #log: ContextOperation[] = [];
  readonly #listeners = new Set<(operation: ContextOperation, version: number) => void>();

  constructor(initial: VersionedContext = { version: 0, messages: [] }) {
    this.#messages = initial.messages;
    this.#version = initial.version;
  }

  get messages(): readonly ContextMessage[] {
    return this.#messages;
  }

  get version(): number {
    return this.#version;
  }

  apply(operation: ContextOperation): void {
    const before = this.#messages;
    this.#messages = applyOperation(before, operation);
    if (this.#messages === before) return;
    this.#version += 1;
    this.#log.push(operation);
    if (this.#log.length > maxLoggedOperations) this.#log.shift();
    for (const listener of this.#listeners) listener(operation, this.#version);
  }

  append(message: ContextMessage): void {
    this.apply({ type: 'append', message });
  }

  /** Here the aggregators write what the model says, once it has passed the pipeline. */
  propose(_operation: ContextOperation): void {}

  snapshot(): VersionedContext {
    return { version: this.#version, messages: [...this.#messages] };
  }

  /** What happened since that version; null when it is too long ago (or was never ours). */
  operationsSince(version: number): readonly ContextOperation[] | null {
    const behind = this.#version - version;
    if (behind < 0 || behind > this.#log.length) return null;
    return behind === 0 ? [] : this.#log.slice(-behind);
  }

  onChange(listener: (operation: ContextOperation, version: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
