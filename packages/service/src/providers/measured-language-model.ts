import type { GenerateOptions, GenerationPart, LanguageModel } from '@voicebus/core';
import type { Measured, Outcome, ProviderMeter } from './provider-meter.ts';

/** The end of a clause, with something behind it: what a voice can begin with. */
const clauseEnd = /[.,;:!?…]["')\]]?\s/;

/** A model whose requests are measured; it behaves like the one that it is made of. */
export function measuredLanguageModel(llm: LanguageModel, meter: ProviderMeter): LanguageModel {
  const who: Measured = { part: 'llm', provider: llm.name };
  meter.circuit(who, 'closed');
  return {
    name: llm.name,
    ...(llm.model === undefined ? {} : { model: llm.model }),
    canContinue: llm.canContinue ?? false,
    ...(llm.warmUp ? { warmUp: () => llm.warmUp?.() ?? Promise.resolve() } : {}),
    generate: (options) => generate({ llm, who, meter }, options),
    [Symbol.asyncDispose]: () => Promise.resolve(llm[Symbol.asyncDispose]()),
  };
}

async function* generate(
  { llm, who, meter }: { llm: LanguageModel; who: Measured; meter: ProviderMeter },
  options: GenerateOptions,
): AsyncIterable<GenerationPart> {
  const { sessionId } = options;
  const by = { provider: llm.name, ...(llm.model === undefined ? {} : { model: llm.model }) };
  const beganMs = performance.now();
  const told = new Set<string>();
  const took = (stage: 'first-byte' | 'first-clause'): void => {
    if (told.has(stage)) return;
    told.add(stage);
    meter.took(who, stage, { ms: performance.now() - beganMs, sessionId });
  };
  let text = '';
  let outcome: Outcome = 'abandoned';
  try {
    for await (const part of llm.generate(options)) {
      if (part.type !== 'finish') took('first-byte');
      if (part.type === 'text-delta' && !told.has('first-clause')) {
        text += part.text;
        if (clauseEnd.test(text)) took('first-clause');
      }
      if (part.type === 'finish') {
        if (text !== '') took('first-clause');
        outcome = 'complete';
        meter.used(who, 'input-tokens', part.usage?.inputTokens ?? 0);
        meter.used(who, 'output-tokens', part.usage?.outputTokens ?? 0);
      }
      yield part.type === 'finish' ? { ...part, by } : part;
    }
  } catch (thrown) {
    outcome = 'failed';
    throw thrown;
  } finally {
    meter.ended(who, outcome);
  }
}
