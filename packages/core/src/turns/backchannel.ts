/** What people say to show that they listen, not to take the turn. */
const backchannels = new Set(
  'aha ah hm hmm huh m mhm mm mmhm mm-hm mmm oh ok okay right uh uh-huh uhhuh um yeah yep yes wow'.split(
    ' ',
  ),
);

/** True when every word of it is a backchannel; nothing at all is none. */
export function isBackchannel(text: string): boolean {
  const words = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' -]/gu, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.length > 0 && words.length <= 2 && words.every((word) => backchannels.has(word));
}

/** True when there is at least one word that is no backchannel. */
export function takesTheTurn(text: string): boolean {
  return text.trim() !== '' && !isBackchannel(text);
}
