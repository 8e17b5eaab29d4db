import type { Circuit } from '@voicebus/core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Amount, Measured, ProviderMeter, Stage } from './provider-meter.ts';

/** Of one call: for those who watch it, and for its trace. */
export interface ProviderTiming extends Measured {
  readonly stage: Stage;
  readonly ms: number;
}

/** A connection that many calls share. */
export type ProviderConnection = Omit<ProviderTiming, 'stage'>;

/** Of one call. */
export interface ProviderSound {
  readonly part: 'stt' | 'tts';
  readonly provider: string;
  readonly seconds: number;
}

const labelNames = ['part', 'provider'] as const;
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 4];

const stages: Readonly<Record<Stage, { readonly name: string; readonly help: string }>> = {
  connect: {
    name: 'voicebus_provider_connect_seconds',
    help: 'Until a recogniser listens to a call; for models and voices, until a connection stands.',
  },
  'first-byte': {
    name: 'voicebus_provider_first_byte_seconds',
    help: "A request to a model until its first word or call; a message's first words to its first sound.",
  },
  'first-clause': {
    name: 'voicebus_provider_first_clause_seconds',
    help: 'A request to a model until there is a clause that a voice can begin with.',
  },
  final: {
    name: 'voicebus_provider_final_seconds',
    help: 'The end of an utterance until the recogniser gives its final.',
  },
};

const amounts: Readonly<Record<Amount, { readonly name: string; readonly help: string }>> = {
  seconds: {
    name: 'voicebus_provider_sound_seconds_total',
    help: 'Sound that recognisers were given, and voices gave.',
  },
  characters: {
    name: 'voicebus_provider_characters_total',
    help: 'Characters that voices were given to speak.',
  },
  'input-tokens': {
    name: 'voicebus_provider_input_tokens_total',
    help: 'Tokens that models read, as they counted them.',
  },
  'output-tokens': {
    name: 'voicebus_provider_output_tokens_total',
    help: 'Tokens that models wrote, as they counted them.',
  },
};

/** What providers take and use, for Prometheus; made before them, registered once there is a registry. */
export class ProviderMetrics implements ProviderMeter {
  readonly #stages: Readonly<Record<Stage, Histogram<'part' | 'provider'>>>;
  readonly #amounts: Readonly<Record<Amount, Counter<'part' | 'provider'>>>;
  readonly #requests = new Counter({
    name: 'voicebus_provider_requests_total',
    help: 'Utterances, answers and messages by what became of them: complete, failed, abandoned.',
    labelNames: [...labelNames, 'outcome'],
    registers: [],
  });
  readonly #circuits = new Gauge({
    name: 'voicebus_provider_left_alone',
    help: '1 while a provider is left alone because it failed, and the next choice is asked; else 0.',
    labelNames,
    registers: [],
  });
  readonly #counters: Counter[] = [];
  /** Told what belongs to one call. */
  onTiming: ((sessionId: string, timing: ProviderTiming) => void) | undefined;
  onSound: ((sessionId: string, sound: ProviderSound) => void) | undefined;
  /** Told of connections that many calls share. */
  onConnected: ((connection: ProviderConnection) => void) | undefined;

  constructor() {
    const histogram = (stage: Stage): Histogram<'part' | 'provider'> =>
      new Histogram({ ...stages[stage], labelNames, buckets, registers: [] });
    const counter = (amount: Amount): Counter<'part' | 'provider'> =>
      new Counter({ ...amounts[amount], labelNames, registers: [] });
    this.#stages = {
      connect: histogram('connect'),
      'first-byte': histogram('first-byte'),
      'first-clause': histogram('first-clause'),
      final: histogram('final'),
    };
    this.#amounts = {
      seconds: counter('seconds'),
      characters: counter('characters'),
      'input-tokens': counter('input-tokens'),
      'output-tokens': counter('output-tokens'),
    };
  }

  took(
    { part, provider }: Measured,
    stage: Stage,
    { ms, sessionId }: { readonly ms: number; readonly sessionId: string | null },
  ): void {
    this.#stages[stage].observe({ part, provider }, ms / 1000);
    if (sessionId !== null) this.onTiming?.(sessionId, { part, provider, stage, ms });
    else if (stage === 'connect') this.onConnected?.({ part, provider, ms });
  }

  sounded(
    { part, provider }: Measured,
    { seconds, sessionId }: { readonly seconds: number; readonly sessionId: string },
  ): void {
    if (part !== 'llm' && seconds > 0) this.onSound?.(sessionId, { part, provider, seconds });
  }

  ended({ part, provider }: Measured, outcome: string): void {
    this.#requests.inc({ part, provider, outcome });
  }

  used({ part, provider }: Measured, what: Amount, amount: number): void {
    this.#amounts[what].inc({ part, provider }, amount);
  }

  circuit({ part, provider }: Measured, state: Circuit['type']): void {
    this.#circuits.set({ part, provider }, state === 'closed' ? 0 : 1);
  }

  /** Counts that a provider keeps of itself, read whenever somebody asks. */
  watch(name: string, help: string, read: () => Readonly<Record<string, number>>): void {
    this.#counters.push(
      new Counter({
        name,
        help,
        labelNames: ['what'],
        registers: [],
        collect() {
          this.reset();
          for (const [what, count] of Object.entries(read())) this.inc({ what }, count);
        },
      }),
    );
  }

  registerIn(registry: Registry): void {
    for (const metric of [
      ...Object.values(this.#stages),
      ...Object.values(this.#amounts),
      this.#requests,
      this.#circuits,
      ...this.#counters,
    ])
      registry.registerMetric(metric);
  }
}
