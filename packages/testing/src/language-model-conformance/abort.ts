import { expect, it } from 'vitest';
import type { LanguageModelUnderTest } from './language-model-under-test.ts';
import { read } from './reading.ts';

export function describeAbort(under: () => LanguageModelUnderTest, canFail: boolean): void {
  it('gives nothing to a caller who is gone before it began', async () => {
    const { model, asksForText } = under();
    const { parts, thrown } = await read(model, asksForText, { signal: AbortSignal.abort() });
    expect({ parts, thrown }).toEqual({ parts: [], thrown: null });
  });

  it('gives nothing more once it is aborted: no piece, no finish, no error', async () => {
    const { model, asksForText } = under();
    const abort = new AbortController();
    const { parts, thrown } = await read(model, asksForText, {
      signal: abort.signal,
      afterPart: () => abort.abort(),
    });
    expect(thrown).toBeNull();
    expect(parts.map(({ type }) => type)).toEqual(['text-delta']);
  });

  const whileWaiting = async (): Promise<void> => {
    const { model, asksForText, next } = under();
    next?.('stalls-in-the-middle');
    const abort = new AbortController();
    const reading = await read(model, asksForText, {
      signal: abort.signal,
      afterPart: (_, count) => {
        if (count === 2) setImmediate(() => abort.abort());
      },
    });
    expect(reading.thrown).toBeNull();
    expect(reading.parts.map(({ type }) => type)).toEqual(['text-delta', 'text-delta']);
  };
  if (canFail) it('ends while a next piece is waited for', whileWaiting);

  it('is left in the middle by a reader who goes away, and answers the next one', async () => {
    const { model, asksForText } = under();
    const { signal } = new AbortController();
    for await (const part of model.generate({ ...asksForText, signal })) {
      expect(part.type).toBe('text-delta');
      break;
    }
    expect((await read(model, asksForText)).parts.at(-1)?.type).toBe('finish');
  });

  it('takes the end of one answer for the end of that one only', async () => {
    const { model, asksForText } = under();
    const abort = new AbortController();
    const [cut, whole] = await Promise.all([
      read(model, asksForText, { signal: abort.signal, afterPart: () => abort.abort() }),
      read(model, asksForText),
    ]);
    expect(cut.parts).toHaveLength(1);
    expect(whole.parts.at(-1)?.type).toBe('finish');
  });

  it('can be closed twice', async () => {
    const { model } = under();
    await model[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
  });
}
