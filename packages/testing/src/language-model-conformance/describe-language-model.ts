import { afterEach, beforeEach, describe } from 'vitest';
import { describeAbort } from './abort.ts';
import { describeErrors } from './errors.ts';
import type { LanguageModelKind, LanguageModelUnderTest } from './language-model-under-test.ts';
import { describeOrder } from './order.ts';

/** How every language model behaves, whoever makes it. `canFail`: it can be told to. */
export function describeLanguageModel(
  { name, open }: LanguageModelKind,
  { canFail }: { readonly canFail: boolean },
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

    describe('order', () => describeOrder(under));
    describe('abort', () => describeAbort(under, canFail));
    if (canFail) describe('errors', () => describeErrors(under));
  });
}
