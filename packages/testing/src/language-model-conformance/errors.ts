import { VoicebusError } from '@voicebus/core';
import { expect, it } from 'vitest';
import type { LanguageModelUnderTest } from './language-model-under-test.ts';
import { read } from './reading.ts';

/** What a failure of a provider may be called. */
const codes = ['provider-failed', 'provider-refused', 'deadline'];

export function describeErrors(under: () => LanguageModelUnderTest): void {
  it('says in the closed set of errors that it failed, before it wrote anything', async () => {
    const { model, asksForText, next } = under();
    next?.('fails-before');
    const { parts, thrown } = await read(model, asksForText);
    expect(parts).toEqual([]);
    expect(thrown).toBeInstanceOf(VoicebusError);
    expect(codes).toContain((thrown as VoicebusError).code);
  });

  it('gives what it wrote before it failed, and does not call that complete', async () => {
    const { model, asksForText, next } = under();
    next?.('fails-in-the-middle');
    const { parts, thrown } = await read(model, asksForText);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every(({ type }) => type === 'text-delta')).toBe(true);
    expect(codes).toContain((thrown as VoicebusError).code);
  });

  it('answers again after a failure', async () => {
    const { model, asksForText, next } = under();
    next?.('fails-in-the-middle');
    await read(model, asksForText);
    expect((await read(model, asksForText)).parts.at(-1)?.type).toBe('finish');
  });

  it('says nothing of what was said in an error', async () => {
    const { model, asksForText, next } = under();
    const words = 'my very secret order';
    const messages = [{ id: 'u1', role: 'user', content: words } as const];
    next?.('fails-before');
    const { thrown } = await read(model, { ...asksForText, messages });
    expect((thrown as VoicebusError).message).not.toContain('secret');
    expect(JSON.stringify((thrown as VoicebusError).data)).not.toContain('secret');
  });
}
