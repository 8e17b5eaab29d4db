import { nextId } from '@voicebus/core';
import type { ToolCall } from '@voicebus/protocol';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';

type Piece = ChatCompletionChunk.Choice.Delta.ToolCall;

/** Calls as chat completions stream them: several at once, each by its index, arguments in pieces. */
export class ToolCallPieces {
  readonly #calls = new Map<number, { id: string; name: string; text: string }>();

  add({ index, id, function: piece }: Piece): void {
    // Servers that give each call whole leave the index out, or give the same to all.
    const known = this.#calls.get(index);
    const isNew = known === undefined || (id !== undefined && id !== '' && id !== known.id);
    const at = known !== undefined && isNew ? this.#calls.size : (index ?? this.#calls.size);
    const call = isNew ? { id: id ?? '', name: '', text: '' } : known;
    this.#calls.set(at, call);
    call.name += piece?.name ?? '';
    call.text += piece?.arguments ?? '';
  }

  whole(): ToolCall[] {
    return [...this.#calls.values()].map(({ id, name, text }) => ({
      id: id === '' ? nextId('call') : id,
      name,
      arguments: text,
    }));
  }
}
