import { FakeClock } from '@voicebus/testing';
import { CartesiaStandIn, type CartesiaStandInOptions } from '@voicebus/testing/stand-ins/cartesia';
import { Spoken } from '../test-speech/spoken.ts';
import { CartesiaVoices, type CartesiaVoicesOptions } from './cartesia-voices.ts';

/** The voices before a stand-in of their service, each with a clock of its own. */
export class VoicesUnderTest implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly serviceClock = new FakeClock();
  readonly standIn: CartesiaStandIn;
  readonly voices: CartesiaVoices;

  private constructor(
    standIn: CartesiaStandIn,
    serviceClock: FakeClock,
    options: Partial<CartesiaVoicesOptions>,
  ) {
    this.standIn = standIn;
    this.serviceClock = serviceClock;
    this.voices = new CartesiaVoices({
      apiKey: standIn.apiKey,
      baseUrl: standIn.url,
      clock: this.clock,
      random: () => 0,
      ...options,
    });
  }

  static async open(
    service: CartesiaStandInOptions = {},
    options: Partial<CartesiaVoicesOptions> = {},
  ): Promise<VoicesUnderTest> {
    const clock = new FakeClock();
    const standIn = await CartesiaStandIn.start({ clock, ...service });
    return new VoicesUnderTest(standIn, clock, options);
  }

  speak(text: AsyncIterable<string> | string, voice = 'bright'): Spoken {
    return new Spoken(this.voices, text, voice);
  }

  /** Lets time pass until the message ends: slowly, so that what is on its way arrives before deadlines do. */
  async passUntil({ ended }: Spoken): Promise<void> {
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    while (!hasEnded) {
      for (let rounds = 0; rounds < 5; rounds += 1)
        await new Promise<void>((resolve) => setImmediate(resolve));
      await this.clock.advance(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.voices[Symbol.asyncDispose]();
    await this.standIn[Symbol.asyncDispose]();
  }
}
