import { FakeClock, ScriptedLanguageModel, type ScriptedReply } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { GenerationAhead, type GenerationRequest } from './generation-ahead.ts';
import type { GenerationPart } from './language-model.ts';

const asked = (content: string): GenerationRequest => ({
  sessionId: 's1',
  agent: 'agent',
  instructions: '',
  messages: [{ id: 'u1', role: 'user', content }],
  tools: [],
});

function start(...replies: (ScriptedReply | string)[]) {
  const clock = new FakeClock();
  const llm = new ScriptedLanguageModel({ clock, replies });
  const ahead = new GenerationAhead(llm, () => clock);
  const read = async (
    content: string,
    signal = new AbortController().signal,
  ): Promise<GenerationPart[]> => {
    const parts: GenerationPart[] = [];
    for await (const part of ahead.generate({ ...asked(content), signal })) parts.push(part);
    return parts;
  };
  return { clock, llm, ahead, read };
}
const textOf = (parts: readonly GenerationPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

describe('an answer that was prepared', () => {
  it('is the answer to the same request: what is there at once, the rest as it comes', async () => {
    const { clock, llm, ahead, read } = start({ text: 'one two three', msPerWord: 100 });
    ahead.prepare(asked('hello'));
    await clock.advance(150);
    expect(ahead.aheadMs(asked('hello'))).toBe(150);
    const reading = read('hello');
    await clock.advance(50);
    const parts = await reading;
    expect(textOf(parts)).toBe('one two three');
    expect(parts.at(-1)?.type).toBe('finish');
    expect(clock.now()).toBe(200);
    expect(llm.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is written no further than it is read, once it is asked for', async () => {
    const { clock, llm, ahead } = start({ text: 'one two three four', msPerWord: 100 });
    ahead.prepare(asked('hello'));
    await clock.advance(150);
    const { signal } = new AbortController();
    const parts = ahead.generate({ ...asked('hello'), signal });
    expect((await parts.next()).value).toMatchObject({ text: 'one ' });
    await clock.advance(5_000);
    expect((await parts.next()).value).toMatchObject({ text: 'two ' });
    expect(clock.pending).toBe(0);
    const third = parts.next();
    await clock.advance(100);
    expect((await third).value).toMatchObject({ text: 'three ' });
    await parts.return();
    expect(llm.requests[0]?.signal.aborted).toBe(true);
  });

  it('is given once', async () => {
    const { clock, llm, ahead, read } = start('one', 'two');
    ahead.prepare(asked('hello'));
    await clock.settle();
    expect(textOf(await read('hello'))).toBe('one');
    expect(textOf(await read('hello'))).toBe('two');
    expect(llm.requests).toHaveLength(2);
  });

  it('is dropped by a request for anything else', async () => {
    const { llm, ahead, read } = start({ then: 'stall' }, 'two');
    ahead.prepare(asked('hello'));
    expect(textOf(await read('hello there'))).toBe('two');
    expect(llm.requests[0]?.signal.aborted).toBe(true);
  });

  it('is begun once for the same request, anew for another one', () => {
    const { llm, ahead } = start({ then: 'stall' }, { then: 'stall' });
    ahead.prepare(asked('hello'));
    ahead.prepare(asked('hello'));
    expect(llm.requests).toHaveLength(1);
    ahead.prepare(asked('hello there'));
    expect(llm.requests.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    ahead.drop();
    expect(llm.requests[1]?.signal.aborted).toBe(true);
  });

  it('is dropped when nobody asks for it', async () => {
    const { clock, llm, ahead } = start({ then: 'stall' });
    ahead.prepare(asked('hello'));
    await clock.advance(10_000);
    expect(llm.requests[0]?.signal.aborted).toBe(true);
    expect(ahead.aheadMs(asked('hello'))).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('that failed before its first word is asked for anew', async () => {
    const { clock, ahead, read } = start({ then: new Error('broken') }, 'two');
    ahead.prepare(asked('hello'));
    await clock.settle();
    expect(ahead.aheadMs(asked('hello'))).toBeNull();
    expect(textOf(await read('hello'))).toBe('two');
  });

  it('that fails in the middle fails where it is read', async () => {
    const { clock, ahead, read } = start({ text: 'one two', then: new Error('broken') });
    ahead.prepare(asked('hello'));
    await clock.settle();
    await expect(read('hello')).rejects.toThrow('broken');
  });

  it('ends with the caller who interrupts', async () => {
    const { clock, llm, ahead, read } = start({ text: 'one', then: 'stall' });
    ahead.prepare(asked('hello'));
    const abort = new AbortController();
    const reading = read('hello', abort.signal);
    await clock.settle();
    abort.abort();
    expect(textOf(await reading)).toBe('one');
    expect(llm.requests[0]?.signal.aborted).toBe(true);
  });
});
