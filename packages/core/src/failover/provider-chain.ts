import { systemClock, type Clock } from '../clock/clock.ts';
import { healthAfter, retryAfterOf } from '../errors/provider-error.ts';
import { asVoicebusError, type VoicebusError } from '../errors/voicebus-error.ts';
import {
  admits,
  closedCircuit,
  defaultCircuitOptions,
  onAbandoned,
  onAttempt,
  onFailure,
  onSuccess,
  type Circuit,
  type CircuitOptions,
} from './circuit-breaker.ts';

export interface Provider extends AsyncDisposable {
  readonly name: string;
  warmUp?(): Promise<void>;
}

/** A provider was given up, or came back: worth a line in a log and a number on a dashboard. */
export interface CircuitChange {
  readonly provider: string;
  readonly circuit: Circuit['type'];
  /** What opened it. */
  readonly error: VoicebusError | null;
}

export interface ProviderChainOptions<Choice extends Provider> {
  /** First choice first; at least one. */
  readonly providers: readonly [Choice, ...Choice[]];
  readonly clock?: Clock;
  readonly circuit?: Partial<CircuitOptions>;
  readonly onChange?: (change: CircuitChange) => void;
}

/** What became of one request. The first word counts, later ones change nothing. */
export interface Attempt {
  /** The answer began, or an open stream stayed well. */
  succeeded(): void;
  failed(error: VoicebusError): void;
  /** The caller went on before anything came: says nothing about the provider. */
  abandoned(): void;
}

/** Several providers of one port in order of preference, each with a circuit. Owns them. */
export class ProviderChain<Choice extends Provider> implements AsyncDisposable {
  readonly providers: readonly [Choice, ...Choice[]];
  /** Of all of them, in their order. */
  readonly name: string;
  readonly #clock: Clock;
  readonly #options: CircuitOptions;
  readonly #onChange: (change: CircuitChange) => void;
  readonly #circuits = new Map<Choice, Circuit>();

  constructor(options: ProviderChainOptions<Choice>) {
    const { providers, clock = systemClock, circuit, onChange } = options;
    this.providers = providers;
    this.name = providers.map(({ name }) => name).join(', then ');
    this.#clock = clock;
    this.#options = { ...defaultCircuitOptions, ...circuit };
    this.#onChange = onChange ?? (() => {});
  }

  /**
   * Whom to ask now, in order. Where every circuit is open, all of them all the same: a caller who gets no
   * answer for certain is worse off than one whose answer is doubtful.
   */
  candidates(): readonly Choice[] {
    const now = this.#clock.now();
    const admitted = this.providers.filter((provider) => admits(this.circuitOf(provider), now));
    return admitted.length > 0 ? admitted : this.providers;
  }

  /** Where a better choice than this one may be tried now: when what is open should move back to it. */
  better(than: Choice): Choice | null {
    const now = this.#clock.now();
    const before = this.providers.slice(0, this.providers.indexOf(than));
    return before.find((provider) => admits(this.circuitOf(provider), now)) ?? null;
  }

  circuitOf(provider: Choice): Circuit {
    return this.#circuits.get(provider) ?? closedCircuit;
  }

  /** Marks a request to it; say what became of it. */
  attempt(provider: Choice): Attempt {
    const options = this.#options;
    this.#set(provider, onAttempt(this.circuitOf(provider), this.#clock.now(), options), null);
    let isOver = false;
    const once = (next: (circuit: Circuit) => Circuit, error: VoicebusError | null): void => {
      if (isOver) return;
      isOver = true;
      this.#set(provider, next(this.circuitOf(provider)), error);
    };
    return {
      succeeded: () => once(onSuccess, null),
      abandoned: () => once((circuit) => onAbandoned(circuit, this.#clock.now()), null),
      failed: (error) => {
        const health = healthAfter(error);
        // It answered, if only to refuse this one request.
        if (health === 'well') return once(onSuccess, null);
        const failure = { health, retryAfterMs: retryAfterOf(error) };
        once(
          (circuit) => onFailure(circuit, failure, { nowMs: this.#clock.now(), options }),
          error,
        );
      },
    };
  }

  /** A refused key, say, is found before a caller meets it. Never rejects: the circuits know. */
  async warmUp(): Promise<void> {
    await Promise.all(
      this.providers.map(async (provider) => {
        if (!provider.warmUp) return;
        const attempt = this.attempt(provider);
        try {
          await provider.warmUp();
          attempt.succeeded();
        } catch (thrown) {
          attempt.failed(asVoicebusError(thrown, 'provider-failed', `${provider.name} failed`));
        }
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(
      this.providers.map(async (provider) => provider[Symbol.asyncDispose]()),
    );
  }

  #set(provider: Choice, circuit: Circuit, error: VoicebusError | null): void {
    const before = this.circuitOf(provider).type;
    this.#circuits.set(provider, circuit);
    if (before === circuit.type) return;
    this.#onChange({ provider: provider.name, circuit: circuit.type, error });
  }
}
