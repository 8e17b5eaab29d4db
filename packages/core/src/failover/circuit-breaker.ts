/**
 * Whether a provider is worth a caller's time. A circuit prefers others; it never leaves a caller without
 * anybody to ask (see `ProviderChain`).
 */
export type Circuit =
  /** In use. `failures`: in a row, since the last success. */
  | { readonly type: 'closed'; readonly failures: number }
  /** Left alone until then. `openings`: how often in a row; each is longer than the one before. */
  | { readonly type: 'open'; readonly untilMs: number; readonly openings: number }
  /** One request tries it; the others go elsewhere until its outcome is known, or that time is over. */
  | { readonly type: 'half-open'; readonly trialUntilMs: number; readonly openings: number };

export interface CircuitOptions {
  /** Failures in a row that open it. One is chance; a third would be a third caller who waits. */
  readonly failuresToOpen: number;
  /** How long it is open the first time; twice as long each further time. */
  readonly openMs: number;
  readonly longestOpenMs: number;
  /** After a refused key, an empty account, an unknown model: until a person changed something. */
  readonly refusedOpenMs: number;
  /** A trial without an outcome is forgotten: longer than any first answer takes. */
  readonly trialMs: number;
}

export const defaultCircuitOptions: CircuitOptions = {
  failuresToOpen: 2,
  openMs: 5_000,
  longestOpenMs: 60_000,
  refusedOpenMs: 300_000,
  trialMs: 15_000,
};

export const closedCircuit: Circuit = { type: 'closed', failures: 0 };

/** Whether a request may be made now. */
export function admits(circuit: Circuit, nowMs: number): boolean {
  switch (circuit.type) {
    case 'closed':
      return true;
    case 'open':
      return nowMs >= circuit.untilMs;
    case 'half-open':
      return nowMs >= circuit.trialUntilMs;
  }
}

/** A request is made: where the circuit was open, it is the trial. */
export function onAttempt(circuit: Circuit, nowMs: number, options: CircuitOptions): Circuit {
  if (circuit.type === 'closed') return circuit;
  const { openings } = circuit;
  return { type: 'half-open', trialUntilMs: nowMs + options.trialMs, openings };
}

export function onSuccess(): Circuit {
  return closedCircuit;
}

/** Nobody waited for the outcome: the next request is the trial. */
export function onAbandoned(circuit: Circuit, nowMs: number): Circuit {
  if (circuit.type !== 'half-open') return circuit;
  return { type: 'open', untilMs: nowMs, openings: circuit.openings };
}

export interface Failure {
  readonly health: 'unwell' | 'refused';
  /** As the service asked; opens the circuit at once. */
  readonly retryAfterMs: number | null;
}

export function onFailure(
  circuit: Circuit,
  { health, retryAfterMs }: Failure,
  { nowMs, options }: { readonly nowMs: number; readonly options: CircuitOptions },
): Circuit {
  const failures = circuit.type === 'closed' ? circuit.failures + 1 : options.failuresToOpen;
  const isAtOnce = health === 'refused' || retryAfterMs !== null;
  if (failures < options.failuresToOpen && !isAtOnce) return { type: 'closed', failures };
  // What was under way when it opened says nothing new: it stays as long as it was to be.
  const openings = circuit.type === 'open' ? circuit.openings : openingsOf(circuit) + 1;
  const waitMs =
    health === 'refused'
      ? options.refusedOpenMs
      : Math.min(options.longestOpenMs, options.openMs * 2 ** (openings - 1));
  const untilMs = nowMs + Math.max(waitMs, retryAfterMs ?? 0);
  return {
    type: 'open',
    openings,
    untilMs: circuit.type === 'open' ? Math.max(circuit.untilMs, untilMs) : untilMs,
  };
}

function openingsOf(circuit: Circuit): number {
  return circuit.type === 'closed' ? 0 : circuit.openings;
}
