import { describe, expect, it } from 'vitest';
import { applyOperation, wholeWords } from './apply-operation.ts';
import { ContextMirror } from './context-mirror.ts';
import { LLMContext } from './llm-context.ts';

const user = (id: string, content: string) => ({ id, role: 'user', content }) as const;
const assistant = (id: string, content: string) => ({ id, role: 'assistant', content }) as const;

describe('the context', () => {
  it('counts versions, and gives what happened since one', () => {
    const context = new LLMContext();
    context.append(user('u1', 'hello'));
    const version = context.version;
    context.append(assistant('a1', 'hello there you'));
    context.apply({ type: 'truncate', messageId: 'a1', heardCharacters: 9 });
    expect(context.messages[1]).toEqual({
      id: 'a1',
      role: 'assistant',
      content: 'hello',
      interrupted: true,
    });
    expect(context.operationsSince(version)).toHaveLength(2);
    expect(context.operationsSince(context.version)).toEqual([]);
    expect(context.operationsSince(99)).toBeNull();
  });

  it('forgets operations that are too long ago, never messages', () => {
    const context = new LLMContext();
    for (let count = 0; count < 600; count += 1) context.append(user(`u${count}`, 'x'));
    expect(context.operationsSince(10)).toBeNull();
    expect(context.operationsSince(100)).toHaveLength(500);
    expect(context.messages).toHaveLength(600);
  });

  it('cuts at whole words, and drops what was not heard at all', () => {
    expect(wholeWords('one two three', 7)).toBe('one two');
    expect(wholeWords('one two three', 8)).toBe('one two');
    expect(wholeWords('one two three', 9)).toBe('one two');
    expect(wholeWords('one two three', 2)).toBe('');
    expect(wholeWords('one', 30)).toBe('one');
    expect(
      applyOperation([assistant('a', 'hello')], {
        type: 'truncate',
        messageId: 'a',
        heardCharacters: 0,
      }),
    ).toEqual([]);
  });

  it('is left alone by operations on what is not there, and by an append that comes twice', () => {
    const context = new LLMContext();
    context.append(user('u1', 'hello'));
    context.append(user('u1', 'hello'));
    expect(context.messages).toHaveLength(1);
    expect(context.version).toBe(1);
  });
});

describe('a mirror', () => {
  it('follows by operations, and asks for a snapshot when it cannot', () => {
    const context = new LLMContext();
    context.append(user('u1', 'hello'));
    const mirror = new ContextMirror();
    expect(mirror.catchUp(0, [], 1)).toBe(false);
    mirror.adopt(context.snapshot());
    const base = context.version;
    context.append(assistant('a1', 'hi'));
    expect(mirror.catchUp(base, context.operationsSince(base) ?? [], context.version)).toBe(true);
    expect(mirror.messages).toEqual(context.messages);
  });

  it('shows what the agent proposed until the owner has ruled on it', () => {
    const mirror = new ContextMirror();
    mirror.adopt({ version: 1, messages: [user('u1', 'hello')] });
    mirror.propose({ type: 'append', message: assistant('a1', 'hi you') });
    expect(mirror.messages.map(({ id }) => id)).toEqual(['u1', 'a1']);
    const heard = {
      type: 'append',
      message: { ...assistant('a1', 'hi'), interrupted: true },
    } as const;
    mirror.catchUp(1, [heard], 2);
    expect(mirror.messages[1]?.content).toBe('hi');
  });
});
