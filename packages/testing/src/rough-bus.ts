import {
  LocalBus,
  VoicebusError,
  type Bus,
  type BusMembership,
  type Envelope,
  type JoinOptions,
} from '@voicebus/core';

/** A bus inside one process that loses messages, refuses them and is cut as the test says. */
export class RoughBus implements Bus {
  readonly channel = 'voicebus';
  /** What was handed to it and not refused, lost or not. */
  readonly sent: Envelope[] = [];
  readonly #bus = new LocalBus({ mode: 'encoded' });
  readonly #joined = new Map<string, JoinOptions>();
  /** False: it is lost on its way. */
  passes: (envelope: Envelope) => boolean = () => true;
  isFull = false;

  async join(options: JoinOptions): Promise<BusMembership> {
    this.#joined.set(options.incarnation, options);
    const membership = await this.#bus.join(options);
    return {
      ...membership,
      send: (envelope) => {
        if (this.isFull) throw new VoicebusError('queue-full', 'Nothing more goes out for now.');
        if (this.passes(envelope)) membership.send(envelope);
        this.sent.push(envelope);
      },
    };
  }

  /** Takes messages again after it was full. */
  hasRoom(): void {
    this.isFull = false;
    for (const { onRoom } of this.#joined.values()) onRoom?.();
  }

  linkChanged(up: boolean): void {
    for (const { onLink } of this.#joined.values()) onLink(up);
  }

  inboxOf(incarnation: string): void {
    for (const { onInbox } of this.#joined.values()) onInbox?.(incarnation);
  }
}
