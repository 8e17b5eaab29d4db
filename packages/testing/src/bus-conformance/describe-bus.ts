import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { BusUnderTest } from './bus-under-test.ts';
import { describeDiscovery } from './discovery.ts';
import { describeEventsAndMedia } from './events-and-media.ts';
import { describeFaults } from './faults.ts';
import { describeRecords } from './records.ts';
import { describeSessionPlane } from './session-plane.ts';

export interface BusKindUnderTest {
  readonly name: string;
  readonly open: () => Promise<BusUnderTest>;
  /** Whether it has a broker that can fail. */
  readonly hasBroker: boolean;
}

const openMs = 60_000;
/** A broker that is killed and restarted, on a busy machine. */
const faultMs = 60_000;

/** How every bus behaves, whatever carries it. */
export function describeBus({ name, open, hasBroker }: BusKindUnderTest): void {
  describe(name, () => {
    let bus: BusUnderTest | undefined;
    let channel = '';
    const under = (): BusUnderTest => {
      if (!bus) throw new Error(`${name} is not open.`);
      return bus;
    };
    beforeAll(async () => {
      bus = await open();
    }, openMs);
    beforeEach(() => {
      channel = `acme-${randomBytes(4).toString('hex')}`;
    });
    afterAll(async () => {
      await bus?.close();
    }, openMs);

    const channelNow = (): string => channel;
    describe('session plane', () => describeSessionPlane(under, channelNow));
    describe('discovery', () => describeDiscovery(under, channelNow));
    describe('records', () => describeRecords(under, channelNow));
    describe('events and media', () => describeEventsAndMedia(under, channelNow));
    if (hasBroker)
      describe('faults', { timeout: faultMs }, () => describeFaults(under, channelNow));
  });
}
