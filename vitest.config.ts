import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const testFiles = '{apps,packages,examples,tools}/**/*.test.{ts,tsx,mjs}';
const integrationTestFiles = '{apps,packages,examples,tools}/**/*.integration.test.{ts,tsx,mjs}';
const callTestFiles = '{apps,packages}/**/offline-call.integration.test.ts';
const liveTestFiles = '{apps,packages}/**/*.live.test.ts';
const notOurs = ['**/node_modules/**', '**/browser-tests/**'];

/** What takes longest. One of them that began last would leave the other processors idle. */
const longFiles =
  /(?:(?:scripted|distributed|fuzzed)-call|(?:openai|deepgram|cartesia)-memory|offline-conformance|redis-cluster-bus|redis-bus|local-bus|peer-watch)\.integration\.test\.ts$|interleavings\.test\.ts$/;

/** The long ones first; a checkout that never ran them knows no times, and would go by the files' sizes. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = (file: TestSpecification): number => Number(longFiles.test(file.moduleId));
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => isLong(other) - isLong(one));
  }
}

// The real services, over the network and for money: `npm run test:live` alone runs them.
const live = {
  extends: true as const,
  test: { name: 'live', include: [liveTestFiles], exclude: notOurs, maxWorkers: 1 },
};

export default defineConfig({
  test: {
    testTimeout: 20_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [testFiles],
          exclude: [...notOurs, integrationTestFiles, liveTestFiles],
          // Without it, one processor is left to whoever watches: half of the two that there may be.
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integrationTestFiles],
          exclude: [...notOurs, callTestFiles],
          // Servers and processes of their own, which have to answer in time: two at once, not all.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'calls',
          include: [callTestFiles],
          exclude: notOurs,
          // Calls in which somebody has to be understood: what runs beside them takes the processor that the
          // recogniser needs, and breaks the sound that it hears.
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
        },
      },
      ...(process.env['VOICEBUS_LIVE'] ? [live] : []),
    ],
  },
});
