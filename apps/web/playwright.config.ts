import { defineConfig } from '@playwright/test';
import { chromiumArguments } from './browser-tests/chromium-arguments.ts';

/** Calls in real time: what runs beside them takes the processor that they keep time with. */
const calls =
  /(?:background-tab|cloud-call|devices-in-a-call|distributed-call|real-call|spoken-call|unbroken-call)\.spec\.ts$/;

/**
 * Drives the built pages (`next build` first) in the system's Chromium. Each worker starts the servers
 * that it needs on free ports and stops them again.
 */
export default defineConfig({
  testDir: './browser-tests',
  // Node reads TypeScript by itself, and keeps what it made of it: ours need not be translated file by file.
  build: { external: ['**/packages/*/src/**'] },
  outputDir: '../../test-results/web',
  timeout: 45_000,
  expect: { timeout: 8000 },
  reporter: 'list',
  workers: 2,
  projects: [
    { name: 'pages', testIgnore: calls, fullyParallel: true, workers: 2 },
    { name: 'calls', testMatch: calls, workers: 1, dependencies: ['pages'] },
  ],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [...chromiumArguments],
    },
    // `--trace=retain-on-failure` where one is wanted: it takes a fifth of the time of all tests.
    trace: 'off',
  },
});
