import type { ContextMessage } from '@voicebus/protocol';
import { expect, it } from 'vitest';
import type { LanguageModelUnderTest } from './language-model-under-test.ts';
import { read, type Reading } from './reading.ts';

type Under = () => LanguageModelUnderTest;

export function describeOrder(under: Under, isRepeatable: boolean): void {
  it('streams a text in pieces, and says last that it is complete', async () => {
    const { model, asksForText } = under();
    const { parts, text, thrown } = await read(model, asksForText);
    expect(thrown).toBeNull();
    const types = parts.map(({ type }) => type);
    expect(types.slice(0, -1).every((type) => type === 'text-delta')).toBe(true);
    expect(types.length).toBeGreaterThan(3);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    expect(text.trim()).not.toBe('');
    expect(parts.some((part) => part.type === 'text-delta' && part.text === '')).toBe(false);
  });

  it('gives calls whole, of tools that were offered, before the finish that names them', async () => {
    const { model, asksForCall } = under();
    const reading = await read(model, asksForCall);
    expect(reading.thrown).toBeNull();
    const calls = callsOf(reading);
    expect(calls.length).toBeGreaterThan(0);
    expect(reading.parts.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
    for (const call of calls) {
      expect(asksForCall.tools.map(({ name }) => name)).toContain(call.name);
      expect(JSON.parse(call.arguments)).toBeTypeOf('object');
      expect(call.id).not.toBe('');
    }
  });

  it('names no call as one that stands in the context already', async () => {
    const { model, asksForCall } = under();
    const first = callsOf(await read(model, asksForCall));
    const known = first.flatMap(({ id, name, arguments: given }): ContextMessage[] => [
      {
        id: `call-${id}`,
        role: 'assistant',
        content: '',
        toolCalls: [{ id, name, arguments: given }],
      },
      { id: `result-${id}`, role: 'tool', toolCallId: id, name, content: '{}', status: 'error' },
    ]);
    const messages = [...asksForCall.messages, ...known, ...asksForCall.messages];
    const second = callsOf(await read(model, { ...asksForCall, messages }));
    const ids = new Set(first.map(({ id }) => id));
    expect(second.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('calls nothing that it was not offered', async () => {
    const { model, asksForCall } = under();
    expect(callsOf(await read(model, { ...asksForCall, tools: [] }))).toEqual([]);
  });

  it('calls nothing where it must not', async () => {
    const { model, asksForCall } = under();
    expect(callsOf(await read(model, { ...asksForCall, toolChoice: 'none' }))).toEqual([]);
  });

  it('counts tokens in whole numbers, where it counts them', async () => {
    const { model, asksForText } = under();
    const { parts } = await read(model, asksForText);
    const end = parts.at(-1);
    if (end?.type !== 'finish') throw new Error('there is no finish');
    for (const count of Object.values(end.usage ?? {})) {
      expect(Number.isInteger(count)).toBe(true);
      expect(count).toBeGreaterThan(0);
    }
  });

  it('answers several callers at once, each with the answer to their own question', async () => {
    const { model, asksForText, asksForCall } = under();
    const alone = [await read(model, asksForText), await read(model, asksForCall)] as const;
    const together = await Promise.all([
      read(model, asksForText),
      read(model, asksForCall),
      read(model, asksForText),
    ]);
    expect(together.map(({ thrown }) => thrown)).toEqual([null, null, null]);
    if (isRepeatable) {
      const texts = [alone[0].text, alone[1].text, alone[0].text];
      expect(together.map(({ text }) => text)).toEqual(texts);
    }
    expect(together.map((reading) => callsOf(reading)[0]?.name)).toEqual([
      undefined,
      callsOf(alone[1])[0]?.name,
      undefined,
    ]);
  });

  it('waits for a slow reader, and loses nothing', async () => {
    const { model, asksForText } = under();
    const quick = await read(model, asksForText);
    const slow = await read(model, asksForText, {
      afterPart: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    });
    if (isRepeatable) expect(slow.text).toBe(quick.text);
    expect(slow.text.length).toBeGreaterThan(quick.text.length / 2);
    expect(slow.parts.at(-1)?.type).toBe('finish');
  });
}

function callsOf({ parts }: Reading) {
  return parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
}
