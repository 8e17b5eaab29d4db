import { defineConfig } from 'vitest/config';

const testFiles = '{apps,packages,examples,tools}/**/*.test.{ts,tsx,mjs}';
const integrationTestFiles = '{apps,packages,examples,tools}/**/*.integration.test.{ts,tsx,mjs}';
const notOurs = ['**/node_modules/**', '**/browser-tests/**'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: [testFiles], exclude: [...notOurs, integrationTestFiles] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integrationTestFiles],
          exclude: notOurs,
          // Calls in real time: what else runs beside them takes the processor that they keep time with.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
