import { slots } from '../intents/slots.ts';

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\bcan'?t\b|\bcannot\b/g, 'can not'],
  [/\bwon'?t\b/g, 'will not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|could|would|should)n'?t\b/g, '$1 not'],
  [/\bi'?m\b/g, 'i am'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|he|she|it|we|they|that|there)'ll\b/g, '$1 will'],
  [/\b(i|you|he|she|we|they)'d\b/g, '$1 would'],
  [/\b(you|we|they)'re\b/g, '$1 are'],
  [/\b(he|she|it|that|there|what|where|who|how|when|here|everything|something)'s\b/g, '$1 is'],
  [/\bwanna\b/g, 'want to'],
  [/\bgonna\b/g, 'going to'],
  [/\bgotta\b/g, 'have to'],
];

/** Several words that mean one thing. Applied in order. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:bring|send|give|take|ship|mail|hand) (?:it |them |this |that |these |those |something )?back\b/g,
    'return',
  ],
  [/\b(?:log|sign)(?:ed|ing|s)? ?(?:in|on|into|in to)\b/g, 'login'],
  [/\b(?:turn|switch|power|go)(?:s|ing|ed)? ?on\b/g, 'turnon'],
  [/\b(?:turn|switch|shut|power)(?:s|ing|ed|ting)? ?(?:it ?self )?(?:off|down)\b/g, 'turnoff'],
  [
    /\b(?:not|no) (?:want|need|like|use) (.{0,30})\b(?:any ?more|any longer)\b/g,
    'no longer want $1',
  ],
  [/\bchange(?:d|s)? my mind\b/g, 'changemind no longer want'],
  [/\bget rid of\b/g, 'delete'],
  [/\bfront desk\b|\breception(?:ist)?\b/g, 'greeter'],
  [/\bgo(?:es|ne|ing)? through\b|\bwent through\b/g, 'accepted'],
  [/\b(?:call|ring|phone)(?:s|ed)? (?:me )?back\b/g, 'callback'],
  [/\b(?:gift|present) (?:card|voucher|certificate|coupon)s?\b/g, 'giftcard'],
  [/\b(?:credit|bank|debit) card\b/g, 'card'],
  [/\be ?-?mail(?: address)?\b|\bmail address\b|\binbox\b/g, 'email'],
  [/\b(?:sold out|out of stock|back in stock|in stock|on the shelf)\b/g, 'stock'],
  [/\b(?:real|actual|live) (?:person|human|people)\b/g, 'person'],
  [/\bsomebody else\b|\bsomeone else\b/g, 'stranger'],
  [/\bshow(?:s|ed|n)? up\b|\bturn(?:s|ed)? up\b/g, 'arrived'],
  [/\bget(?:s)? here\b|\bgot here\b/g, 'arrive'],
  [/\bhow long\b|\bhow many days\b|\bhow soon\b/g, 'howlong'],
  [/\bhow much\b/g, 'howmuch'],
  [/\bhow many\b/g, 'howmany'],
];

/** Nouns of a slot are one word, whatever their number; longer names first, and a kind of shirt is a shirt. */
const slotWords: readonly (readonly [string, readonly string[]])[] = [
  ['slotdevice', [...slots.device, ...slots.devices]],
  ['slotgarment', [...slots.garment, ...slots.garments]],
  ['slotthing', [...slots.thing, ...slots.things]],
  ['slotcolor', [...slots.color, 'colour', 'color']],
  ['slotday', slots.day],
  ['slotplace', slots.place],
  ['slotrelative', slots.relative],
];
const slotOf = new Map(
  slotWords.flatMap(([slot, nouns]) =>
    nouns.flatMap((noun) => [
      [noun, slot],
      [`${noun}s`, slot],
    ]),
  ),
);
const slotPattern = new RegExp(
  `\\b(?:${[...slotOf.keys()].toSorted((one, other) => other.length - one.length).join('|')})\\b`,
  'g',
);

/** One word for all that mean the same here, by their stems. */
const synonyms: readonly (readonly string[])[] = [
  ['parcel', 'packag', 'packet', 'shipment', 'box'],
  ['order', 'purchas', 'buy', 'bought'],
  ['deliver', 'deliveri', 'courier', 'arriv', 'arrival', 'come', 'came'],
  ['ship', 'send', 'sent', 'mail', 'dispatch', 'post'],
  ['item', 'product', 'thing', 'articl', 'stuff', 'good'],
  [
    'broken',
    'damag',
    'crack',
    'smash',
    'shatter',
    'dent',
    'scratch',
    'torn',
    'faulti',
    'crush',
    'broke',
    'rip',
  ],
  [
    'person',
    'human',
    'repres',
    'repr',
    'oper',
    'staff',
    'advisor',
    'employe',
    'colleagu',
    'manag',
    'supervisor',
  ],
  ['store', 'shop', 'branch', 'outlet'],
  ['talk', 'speak', 'spoke', 'chat'],
  ['invoic', 'receipt', 'bill', 'paperwork'],
  ['promo', 'coupon', 'voucher', 'discount', 'promot', 'rebat'],
  ['declin', 'reject', 'refus', 'fail', 'denie', 'deni'],
  ['lock', 'block', 'suspend', 'disabl', 'shut'],
  ['delet', 'remov', 'eras', 'clos', 'wipe'],
  ['exchang', 'swap', 'trade', 'replac'],
  ['cancel', 'stop', 'call-off', 'abort', 'withdraw'],
  ['warranti', 'guarante', 'guaranti', 'coverag', 'cover'],
  ['data', 'inform', 'detail'],
  ['subscript', 'membership', 'member', 'subscrib'],
  ['plan', 'tier'],
  ['reward', 'bonus', 'loyalti', 'loyal'],
  ['complain', 'complaint'],
  ['angri', 'upset', 'unhappi', 'disappoint', 'annoi', 'frustrat', 'furious', 'mad'],
  ['terribl', 'awful', 'bad', 'worst', 'horribl', 'poor', 'unaccept'],
  ['robot', 'comput', 'bot'],
  ['abroad', 'oversea', 'internat', 'foreign', 'countri', 'slotplac'],
  ['move', 'reloc'],
  ['miss', 'incomplet', 'lack', 'forgot', 'forget'],
  ['wrong', 'incorrect', 'mistak'],
  ['small', 'larg', 'big', 'bigger', 'smaller', 'larger', 'tight', 'medium', 'huge', 'tini'],
  ['dead', 'defect'],
  ['hello', 'hi', 'hei', 'hey', 'morn', 'even', 'afternoon'],
  ['bye', 'goodby'],
  ['help', 'assist'],
  ['repeat', 'pardon'],
  ['repair', 'fix'],
  ['repli', 'answer'],
  ['address', 'street'],
  ['locat', 'find', 'near', 'nearbi', 'nearest', 'closest'],
  ['today', 'slotdai', 'weekend', 'week-end'],
];

const synonymOf = new Map(
  synonyms.flatMap((group) => group.map((stem) => [stem, group[0] ?? stem])),
);

/** Lower-case words, without marks, contractions written out. */
export function plainWords(text: string): string {
  let plain = text.toLowerCase().replace(/[’‘]/g, "'");
  for (const [pattern, words] of contractions) plain = plain.replace(pattern, words);
  return plain
    .replace(/[^a-z0-9' ]+/g, ' ')
    .replace(/'s\b|'/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What the text is about, as stems; words that mean the same here are the same stem. */
export function stems(text: string): readonly string[] {
  let plain = plainWords(text);
  for (const [pattern, word] of phrases) plain = plain.replace(pattern, word);
  plain = plain.replace(slotPattern, (noun) => slotOf.get(noun) ?? noun);
  return plain
    .split(' ')
    .filter((word) => word !== '' && !fillers.has(word) && !isNumber(word))
    .map(stem)
    .map((word) => synonymOf.get(word) ?? word);
}

const numberWords = new Set(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double triple number'.split(
    ' ',
  ),
);

/** Which number it is says nothing about what is wanted. */
function isNumber(word: string): boolean {
  return numberWords.has(word) || /^\d+$/.test(word);
}

const fillers = new Set(
  'a an the my your our um uh er eh well so please just really actually like ok okay hmm oh yeah guys some any of'.split(
    ' ',
  ),
);

/** A light suffix stripper: enough to join "returning", "returned" and "returns". */
function stem(word: string): string {
  if (word.length <= 3) return word;
  let base = word;
  if (/(?:ss|us)$/.test(base)) return base;
  base = base.replace(/(?:ies)$/, 'i').replace(/([^s])s$/, '$1');
  const cut = /^(.{2,}[aeiouy].*?)(?:ational|ations?|ingly|edly|ment|ness|ing|ed|ly|ion)$/.exec(
    base,
  );
  if (cut?.[1] !== undefined && cut[1].length >= 3) base = cut[1].replace(/([bdglmnprt])\1$/, '$1');
  return base.replace(/e$/, '').replace(/y$/, 'i');
}
