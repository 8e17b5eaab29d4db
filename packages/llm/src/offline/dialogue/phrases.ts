import type { ContextMessage } from '@voicebus/protocol';

/** Long enough to tell two wordings apart, short enough to be heard before an interruption. */
const comparedCharacters = 16;

/**
 * Chooses a wording that this caller has not heard, so that the same thing is not said word for word
 * twice, also not after an interruption. When all were heard, the one that was heard longest ago.
 */
export function chooseWording(
  wordings: readonly [string, ...string[]],
  messages: readonly ContextMessage[],
): string {
  const said = messages
    .filter((message) => message.role === 'assistant')
    .map(({ content }) => content);
  const lastUse = (wording: string): number => {
    const start = wording.slice(0, comparedCharacters);
    return said.findLastIndex(
      (content) =>
        content.includes(start) ||
        // What was interrupted early ends before the part that is compared.
        (content !== '' && content.length < comparedCharacters && wording.startsWith(content)),
    );
  };
  return wordings.reduce((best, wording) => (lastUse(wording) < lastUse(best) ? wording : best));
}
