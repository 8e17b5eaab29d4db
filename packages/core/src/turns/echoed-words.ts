/** What is left of the words when those that the bot just said are taken away: its echo is no evidence. */
export function withoutEchoedWords(words: string, bot: string): string {
  const said = new Set(wordsOf(bot));
  return wordsOf(words)
    .filter((word) => !said.has(word))
    .join(' ');
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' -]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}
