import { strings } from '@/strings';

/** How an agent appears. The shape says the same as the colour, for those who do not see the colour. */
export interface AgentLook {
  readonly name: string;
  readonly role: string | null;
  readonly hue: 'teal' | 'rust' | 'plum' | 'blue';
  readonly shape: 'circle' | 'square' | 'diamond' | 'leaf';
}

const known: Readonly<Record<string, Pick<AgentLook, 'hue' | 'shape'>>> = {
  greeter: { hue: 'teal', shape: 'circle' },
  support: { hue: 'rust', shape: 'square' },
};
const others: readonly Pick<AgentLook, 'hue' | 'shape'>[] = [
  { hue: 'plum', shape: 'diamond' },
  { hue: 'blue', shape: 'leaf' },
];

export function agentLook(agent: string): AgentLook {
  const { name, role } = strings.agents[agent] ?? { name: capitalised(agent), role: null };
  const look = known[agent] ?? others[hash(agent) % others.length] ?? others[0];
  return { name, role, hue: look?.hue ?? 'plum', shape: look?.shape ?? 'diamond' };
}

/** Sets the colours that `text-agent` and `bg-agent-wash` use below this element. */
export function agentStyle(agent: string | null): Record<`--${string}`, string> {
  if (agent === null) return {};
  const { hue } = agentLook(agent);
  return { '--agent': `var(--agent-${hue})`, '--agent-wash': `var(--agent-${hue}-wash)` };
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
