import { features } from './features.ts';

export interface LabelledSentence {
  readonly text: string;
  /** 0 to the number of labels. */
  readonly label: number;
}

interface Sample {
  readonly label: number;
  /** Where the weights of its features begin. */
  readonly at: readonly number[];
}

/** Over all sentences; more rounds and other rates change the accuracy by less than a point. */
const rounds = 4;
const rate = 6;
/** Errors that are smaller teach nothing, and are most of the work. */
const smallestError = 5e-3;
/** Prime to any number of sentences that we may have: neighbours from one template come far apart. */
const stride = 7919;

/**
 * Multinomial logistic regression over features that are there or not, by gradient descent in a fixed order:
 * the same sentences always give the same weights.
 */
export class LinearClassifier {
  readonly #labels: number;
  readonly #places = new Map<string, number>();
  readonly #weights: Float32Array;

  constructor(sentences: readonly LabelledSentence[], labels: number) {
    this.#labels = labels;
    const found = sentences.map(({ text, label }) => ({ label, features: features(text) }));
    for (const name of found.flatMap((each) => each.features))
      if (!this.#places.has(name)) this.#places.set(name, this.#places.size * labels);
    this.#weights = new Float32Array(this.#places.size * labels);
    this.#train(found.map((each) => ({ label: each.label, at: this.#at(each.features) })));
  }

  /** How likely each label is; together 1. Features that no sentence had are passed over. */
  classify(text: string): Float64Array {
    return this.#probabilities(this.#at(features(text)));
  }

  #at(names: readonly string[]): readonly number[] {
    return names.flatMap((name) => this.#places.get(name) ?? []);
  }

  #probabilities(at: readonly number[]): Float64Array {
    const weights = this.#weights;
    const labels = this.#labels;
    const result = new Float64Array(labels);
    for (const from of at)
      for (let label = 0; label < labels; label += 1) result[label]! += weights[from + label]!;
    const scale = lengthScale(at);
    let highest = -Infinity;
    for (let label = 0; label < labels; label += 1) highest = Math.max(highest, result[label]!);
    let sum = 0;
    for (let label = 0; label < labels; label += 1) {
      const likelihood = Math.exp((result[label]! - highest) * scale);
      result[label] = likelihood;
      sum += likelihood;
    }
    for (let label = 0; label < labels; label += 1) result[label]! /= sum;
    return result;
  }

  #train(samples: readonly Sample[]): void {
    for (let step = 0; step < rounds * samples.length; step += 1) {
      const round = Math.floor(step / samples.length);
      const sample = samples[(step * stride + round) % samples.length];
      // Slower towards the end, so that the last sentences do not count most.
      if (sample) this.#learn(sample, rate / (1 + (3 * step) / (rounds * samples.length)));
    }
  }

  #learn({ label, at }: Sample, speed: number): void {
    const weights = this.#weights;
    const step = speed * lengthScale(at);
    const likely = this.#probabilities(at);
    for (let other = 0; other < likely.length; other += 1) {
      const error = likely[other]! - (other === label ? 1 : 0);
      if (Math.abs(error) < smallestError) continue;
      for (const from of at) weights[from + other]! -= step * error;
    }
  }
}

/** Long sentences have more features, and are not surer for it. */
function lengthScale({ length }: readonly number[]): number {
  return 1 / Math.sqrt(Math.max(1, length));
}
