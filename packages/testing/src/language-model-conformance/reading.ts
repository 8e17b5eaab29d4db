import type { GenerationPart, LanguageModel } from '@voicebus/core';
import type { Ask } from './language-model-under-test.ts';

/** What came of a request, however it ended. */
export interface Reading {
  readonly parts: readonly GenerationPart[];
  readonly text: string;
  readonly thrown: unknown;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** After each part, before the next one is asked for. */
  readonly afterPart?: (part: GenerationPart, count: number) => void | Promise<void>;
}

export async function read(
  model: LanguageModel,
  ask: Ask,
  { signal = new AbortController().signal, afterPart }: ReadOptions = {},
): Promise<Reading> {
  const parts: GenerationPart[] = [];
  let thrown: unknown = null;
  try {
    for await (const part of model.generate({ ...ask, signal })) {
      parts.push(part);
      await afterPart?.(part, parts.length);
    }
  } catch (error) {
    thrown = error;
  }
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  return { parts, text, thrown };
}
