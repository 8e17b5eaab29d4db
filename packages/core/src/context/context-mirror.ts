import type { ContextMessage, ContextOperation, VersionedContext } from '@voicebus/protocol';
import { applyOperation } from './apply-operation.ts';

/**
 * An agent's copy of the session's context: what the owner ruled, and after it what the agent itself
 * has said and called since and the owner has not ruled on yet.
 */
export class ContextMirror {
  #ruled: VersionedContext = { version: -1, messages: [] };
  #own: readonly ContextMessage[] = [];

  /** Version of the owner's part; −1 before the first snapshot. */
  get version(): number {
    return this.#ruled.version;
  }

  get messages(): readonly ContextMessage[] {
    const known = new Set(this.#ruled.messages.map(({ id }) => id));
    return [...this.#ruled.messages, ...this.#own.filter(({ id }) => !known.has(id))];
  }

  adopt(snapshot: VersionedContext): void {
    this.#ruled = snapshot;
    this.#own = [];
  }

  /** False when the operations start from a version that this mirror does not have. */
  catchUp(baseVersion: number, operations: readonly ContextOperation[], version: number): boolean {
    const messages = this.preview(baseVersion, operations);
    if (!messages) return false;
    this.adopt({ version, messages: [...messages] });
    return true;
  }

  /** What the owner's part would be after these; null when they start from a version that is not here. */
  preview(
    baseVersion: number,
    operations: readonly ContextOperation[],
  ): readonly ContextMessage[] | null {
    if (baseVersion !== this.#ruled.version) return null;
    return operations.reduce(applyOperation, this.#ruled.messages as readonly ContextMessage[]);
  }

  /** Something of the agent's own, good until the owner's next word. */
  propose(operation: ContextOperation): void {
    this.#own = applyOperation(this.#own, operation);
  }
}
