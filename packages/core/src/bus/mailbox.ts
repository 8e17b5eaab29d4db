import type { AnyBusMessage } from './envelope.ts';

/** What a worker is handed: the message and its number on its link. */
export interface Delivery {
  readonly message: AnyBusMessage;
  readonly sequence: number;
}

export interface Subscriber {
  /** Awaited before the next message of the ordered lane; urgent ones do not wait for it. */
  receive(delivery: Delivery): void | Promise<void>;
}

const maxWaiting = 10_000;

/**
 * One worker's messages. Urgent ones are handed over at once, also while an ordered one is being
 * handled; ordered ones one after the other. A handler that throws stops nothing.
 */
export class Mailbox {
  readonly #subscriber: Subscriber;
  readonly #onProblem: (message: AnyBusMessage, thrown: unknown) => void;
  #waiting: Delivery[] = [];
  #busy = false;
  #closed = false;

  constructor(
    subscriber: Subscriber,
    onProblem: (message: AnyBusMessage, thrown: unknown) => void,
  ) {
    this.#subscriber = subscriber;
    this.#onProblem = onProblem;
  }

  /** False when the mailbox is full or closed: the message was not taken. */
  put(delivery: Delivery): boolean {
    if (this.#closed) return false;
    if (delivery.message.lane === 'urgent') {
      void this.#handle(delivery);
      return true;
    }
    if (this.#waiting.length >= maxWaiting) return false;
    this.#waiting.push(delivery);
    if (!this.#busy) this.#drain();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #drain(): void {
    for (;;) {
      const delivery = this.#waiting.shift();
      if (!delivery) return;
      const handled = this.#handle(delivery);
      if (!handled) continue;
      this.#busy = true;
      void handled.then(() => {
        this.#busy = false;
        this.#drain();
      });
      return;
    }
  }

  #handle(delivery: Delivery): Promise<void> | undefined {
    try {
      const result = this.#subscriber.receive(delivery);
      if (result)
        return result.catch((thrown: unknown) => this.#onProblem(delivery.message, thrown));
    } catch (thrown) {
      this.#onProblem(delivery.message, thrown);
    }
    return undefined;
  }
}
