/** How long a model may think before it speaks; a caller waits meanwhile. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high';

/** The shortest thinking that each family takes; asking for what a model does not know is an error. */
const families: readonly { readonly pattern: RegExp; readonly effort: ReasoningEffort }[] = [
  { pattern: /^gpt-5(-mini|-nano)?(-\d{4}-\d\d-\d\d)?$/, effort: 'minimal' },
  { pattern: /-(chat-latest|pro|codex)/, effort: 'medium' },
  { pattern: /^gpt-(5\.\d|[6-9])/, effort: 'none' },
  { pattern: /^o\d/, effort: 'low' },
];

/** Null: the model does not reason, or nobody here knows it. */
export function shortestReasoning(model: string): ReasoningEffort | null {
  return families.find(({ pattern }) => pattern.test(model))?.effort ?? null;
}
