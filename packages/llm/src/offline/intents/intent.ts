/** Something that a caller may want. */
export interface Intent {
  readonly name: string;
  /** Completes "you …" and "the caller …": "want to know where an order is". Unique. */
  readonly summary: string;
  /** What people say, with alternatives in brackets and slots: "where is my (order|{thing})". */
  readonly examples: readonly string[];
  /** True for what only support can do; a greeter hands it over. */
  readonly isSupport: boolean;
}

/** Every sentence of a template; `(a|b|)` stands for a, b or nothing. */
export function expandTemplate(template: string): readonly string[] {
  const match = /\(([^()]*)\)/.exec(template);
  if (match === null) return [template.replace(/\s+/g, ' ').trim()];
  const [whole, options = ''] = match;
  const before = template.slice(0, match.index);
  const after = template.slice(match.index + whole.length);
  return options.split('|').flatMap((option) => expandTemplate(`${before}${option}${after}`));
}

/** Third person for what is told to a colleague: "want to return" becomes "wants to return". */
export function callerSummary(intent: Intent): string {
  const [verb = '', ...rest] = intent.summary.split(' ');
  const forms: Readonly<Record<string, string>> = {
    have: 'has',
    are: 'is',
    were: 'was',
    need: 'needs',
  };
  const third = forms[verb] ?? (/(?:ed|ot|cannot)$/.test(verb) ? verb : `${verb}s`);
  return [third, ...rest].join(' ').replaceAll('your', 'their');
}
