import { afterEach, beforeEach, describe } from 'vitest';
import { describeAbort } from './abort.ts';
import { describeErrors } from './errors.ts';
import type { LanguageModelKind, LanguageModelUnderTest } from './language-model-under-test.ts';
import { describeOrder } from './order.ts';

export interface LanguageModelTraits {
  /** It can be told to. */
  readonly canFail: boolean;
  /** Asked the same it answers the same. Default: true. */
  readonly isRepeatable?: boolean;
}

/** How every language model behaves, whoever makes it. */
export function describeLanguageModel(
  { name, open }: LanguageModelKind,
  { canFail, isRepeatable = true }: LanguageModelTraits,
): void {
  describe(name, () => {
    let opened: LanguageModelUnderTest | undefined;
    const under = (): LanguageModelUnderTest => {
      if (!opened) throw new Error(`${name} is not open.`);
      return opened;
    };
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened?.close();
    });

    describe('order', () => describeOrder(under, isRepeatable));
    describe('abort', () => describeAbort(under, canFail));
    if (canFail) describe('errors', () => describeErrors(under));
  });
}
