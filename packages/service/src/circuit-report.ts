import type { CircuitChange } from '@voicebus/core';

type Report = (what: string, thrown?: unknown) => void;

/**
 * One line when a provider is given up and one when it is back; a trial that fails for the same reason says
 * nothing new. `part`: what it is to people, "the language model".
 */
export function circuitReport(part: string, report: Report): (change: CircuitChange) => void {
  const told = new Map<string, string>();
  return ({ provider, circuit, error }) => {
    if (circuit === 'open' && error && told.get(provider) !== error.message) {
      told.set(provider, error.message);
      report(`${part} ${provider} does not work: the next choice takes its place`, error);
    }
    if (circuit === 'closed' && told.delete(provider)) report(`${part} ${provider} works again`);
  };
}
