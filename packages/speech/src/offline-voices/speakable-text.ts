const currencies: Readonly<Record<string, readonly [string, string]>> = {
  $: ['dollar', 'cent'],
  '€': ['euro', 'cent'],
  '£': ['pound', 'penny'],
};

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/\be\.g\.(?=\W|$)/gi, 'for example'],
  [/\bi\.e\.(?=\W|$)/gi, 'that is'],
  [/\betc\.(?=\W|$)/gi, 'et cetera'],
  [/\bapprox\.(?=\W|$)/gi, 'about'],
  [/\bvs\.?(?=\W|$)/gi, 'versus'],
  [/\bno\.\s*(?=\d)/gi, 'number '],
  [/\bdr\.(?=\s)/gi, 'doctor'],
  [/\bmr\.(?=\s)/gi, 'mister'],
  [/\bmrs\.(?=\s)/gi, 'missus'],
  [/\b24\/7\b/g, 'around the clock'],
  [/\ba\.m\.(?=\W|$)/gi, 'A M'],
  [/\bp\.m\.(?=\W|$)/gi, 'P M'],
  [/\b(\d{1,2})\s?am\b/gi, '$1 A M'],
  [/\b(\d{1,2})\s?pm\b/gi, '$1 P M'],
  [/\b(\d{1,2}):00\b/g, '$1'],
  [/\b(\d{1,2}):0(\d)\b/g, '$1 oh $2'],
  [/\b(\d{1,2}):(\d{2})\b/g, '$1 $2'],
  [/\be-mail/gi, 'email'],
];

/** A number that names something is read digit by digit: this many digits, or after these words. */
const namingWord =
  /\b(order|number|ticket|code|reference|return|card|ending in|id)\s+#?(\d{2,})\b/gi;

/**
 * The text as flite should read it: plain ASCII words, numbers that name something as digits, money,
 * percentages and abbreviations in full. Empty when nothing can be spoken.
 */
export function speakableText(text: string): string {
  let spoken = asciiText(text).replace(/https?:\/\/(\S+)/gi, '$1');
  for (const [pattern, words] of abbreviations) spoken = spoken.replace(pattern, words);
  spoken = spoken
    .replace(/[$€£]\s?\d[\d,]*(?:\.\d{2})?\b/g, money)
    .replace(/(\d)\s?%/g, '$1 percent')
    .replace(/#\s?(\d+)/g, (_, digits: string) => `number ${spell(digits)}`)
    .replace(/\b(number number)\b/gi, 'number')
    .replace(namingWord, (_, word: string, digits: string) => `${word} ${spell(digits)}`)
    .replace(/\b([A-Z]{1,3})-?(\d{2,})\b/g, (_, letters: string, digits: string) =>
      [...letters, spell(digits)].join(' '),
    )
    .replace(/\b(\d),(?=\d{3}\b)/g, '$1')
    .replace(/\b\d{4,}\b(?!\s+(?:dollar|euro|pound))/g, (digits) =>
      isYear(digits) ? digits : spell(digits),
    )
    .replace(/(\d)\s?-\s?(\d)/g, '$1 to $2')
    .replace(/&/g, ' and ')
    .replace(/@/g, ' at ')
    .replace(/[*_#`~^|<>{}[\]\\]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[a-z0-9]/i.test(spoken) ? spoken : '';
}

/** flite reads bytes: accents, typographic marks and emoji go. */
function asciiText(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+[–—]\s+/g, ', ')
    .replace(/[–—]/g, '-')
    .replace(/…/g, '...')
    .normalize('NFKD')
    .replace(/[^\x20-\x7e\n€£]/g, '');
}

function money(written: string): string {
  const [unit, fraction] = currencies[written[0] ?? ''] ?? ['', ''];
  const [whole = '', part = ''] = written.slice(1).trim().split('.');
  const amount = Number(whole.replaceAll(',', ''));
  const plural = (count: number, name: string): string => {
    if (count === 1) return `${count} ${name}`;
    return `${count} ${name === 'penny' ? 'pence' : `${name}s`}`;
  };
  const cents = Number(part);
  if (cents === 0) return plural(amount, unit);
  if (amount === 0) return plural(cents, fraction);
  return `${plural(amount, unit)} and ${plural(cents, fraction)}`;
}

/** The commas make flite read slowly enough to write along, in groups as people say them. */
function spell(digits: string): string {
  const size = digits.length % 3 === 0 && digits.length > 4 ? 3 : 4;
  const groups = digits.match(new RegExp(`\\d{1,${size}}`, 'g')) ?? [];
  return groups.map((group) => [...group].join(' ')).join(', ');
}

function isYear(digits: string): boolean {
  return /^(?:19|20)\d\d$/.test(digits);
}
