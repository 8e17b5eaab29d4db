import type { CircuitChange } from '@voicebus/core';
import type { Part, ProviderMeter } from './providers/provider-meter.ts';
import type { Report } from './report.ts';

/** What each part is to people. */
const parts: Readonly<Record<Part, string>> = {
  stt: 'speech to text by',
  llm: 'the language model',
  tts: 'the voice of',
};

/**
 * One line when a provider is given up and one when it is back; a trial that fails for the same reason says
 * nothing new. The meter is told every time.
 */
export function circuitReport(
  part: Part,
  report: Report,
  meter: ProviderMeter,
): (change: CircuitChange) => void {
  const told = new Map<string, string>();
  return ({ provider, circuit, error }) => {
    meter.circuit({ part, provider }, circuit);
    if (circuit === 'open' && error && told.get(provider) !== error.message) {
      told.set(provider, error.message);
      report(`${parts[part]} ${provider} does not work: the next choice takes its place`, error);
    }
    if (circuit === 'closed' && told.delete(provider))
      report(`${parts[part]} ${provider} works again`);
  };
}
