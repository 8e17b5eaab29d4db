import type { Intent } from './intent.ts';
import { expandTemplate } from './intent.ts';
import { fillSlots } from './slots.ts';

/**
 * Sentences of an intent's examples, spread evenly over each template: at most `perTemplate` of each, so that
 * the number of its alternatives does not say how often something is said. The same ones at every call.
 */
export function exampleSentences(intent: Intent, perTemplate: number): readonly string[] {
  return intent.examples.flatMap((template, at) => {
    const all = expandTemplate(template);
    const count = Math.min(perTemplate, all.length);
    return Array.from({ length: count }, (_, index) => {
      const sentence = all[Math.floor(((index + 0.5) * all.length) / count)] ?? '';
      // Nouns go on from sentence to sentence and from template to template (5 is prime to most lists).
      let filled = 0;
      return fillSlots(sentence, () => index + at * 5 + 3 * filled++);
    });
  });
}
