import type { ContextMessage, ContextOperation } from '@voicebus/protocol';

/**
 * The context after one operation; the list that was given is left alone. An operation on a message
 * that is not there changes nothing: the message was cut away before.
 */
export function applyOperation(
  messages: readonly ContextMessage[],
  operation: ContextOperation,
): readonly ContextMessage[] {
  switch (operation.type) {
    case 'append':
      return messages.some(({ id }) => id === operation.message.id)
        ? messages
        : [...messages, operation.message];
    case 'replace':
      return operation.messages;
    case 'patch':
      return change(messages, operation.messageId, (message) => ({
        ...message,
        ...(operation.content === undefined ? {} : { content: operation.content }),
        ...(operation.status === undefined || message.role !== 'tool'
          ? {}
          : { status: operation.status }),
      }));
    case 'truncate':
      return truncate(messages, operation.messageId, operation.heardCharacters);
  }
}

function truncate(
  messages: readonly ContextMessage[],
  id: string,
  characters: number,
): readonly ContextMessage[] {
  const target = messages.find((message) => message.id === id);
  if (target?.role !== 'assistant') return messages;
  const content = wholeWords(target.content, characters);
  // Nothing of it was heard, so it was never said.
  if (content === '' && !target.toolCalls?.length)
    return messages.filter((message) => message.id !== id);
  return change(
    messages,
    id,
    (message) => ({ ...message, content, interrupted: true }) as ContextMessage,
  );
}

/** At most that many characters, ending with a whole word. */
export function wholeWords(text: string, characters: number): string {
  if (characters >= text.length) return text;
  const cut = text.slice(0, characters);
  const next = text[characters] ?? ' ';
  const whole = /\s/.test(next) ? cut : cut.replace(/\S*$/, '');
  return whole.trimEnd();
}

function change(
  messages: readonly ContextMessage[],
  id: string,
  by: (message: ContextMessage) => ContextMessage,
): readonly ContextMessage[] {
  return messages.map((message) => (message.id === id ? by(message) : message));
}
