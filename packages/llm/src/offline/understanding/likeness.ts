/** A rough key of how a word sounds: vowels only at its start, consonants by groups. */
export function soundKey(word: string): string {
  const sounds = word
    .replace(/^kn/, 'n')
    .replace(/^wr/, 'r')
    .replace(/ph/g, 'f')
    .replace(/gh(?=[aeiou])/g, 'g')
    .replace(/gh/g, '')
    .replace(/ck|q|c(?![eiy])/g, 'k')
    .replace(/c|z|x/g, 's')
    .replace(/dg|j/g, 'g')
    .replace(/v/g, 'f')
    .replace(/d/g, 't')
    .replace(/b/g, 'p');
  const first = sounds[0] ?? '';
  const rest = sounds.slice(1).replace(/[aeiouyhw]/g, '');
  return (/[aeiou]/.test(first) ? 'a' : first) + rest.replace(/(.)\1+/g, '$1');
}

/** Insertions, deletions and replacements between two words (Levenshtein), at most `limit` + 1. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** 0 to 1: how likely it is that the one word was heard or typed for the other. */
export function likeness(heard: string, meant: string): number {
  if (heard === meant) return 1;
  const shorter = Math.min(heard.length, meant.length);
  // Short words have too many neighbours that mean something else.
  if (shorter < 4) return 0;
  const sound = soundKey(heard);
  if (sound.length >= 3 && sound === soundKey(meant)) return 0.7;
  if (shorter < 5) return 0;
  const limit = shorter >= 8 ? 2 : 1;
  return editDistance(heard, meant, limit) <= limit ? 0.7 : 0;
}
