import { expect, type Page, test as base } from '@playwright/test';
import { writtenCall } from '@voicebus/session-view/written-call';
import { type RunningServer, startWeb } from './servers.ts';
import { StandInTransport } from './stand-in/transport.ts';

interface WorkerFixtures {
  /** The built web app, which looks for its transport agent at the stand-in. */
  readonly servers: { readonly transport: StandInTransport; readonly web: RunningServer };
}

interface Fixtures {
  /** A transport agent without media, fresh for each test. */
  readonly transport: StandInTransport;
}

/** Tests of the pages alone, against a stand-in transport agent. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  servers: [
    // Playwright reads from this pattern what the fixture depends on: nothing.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const transport = await StandInTransport.start();
      const web = await startWeb({ TRANSPORT_URLS: transport.url });
      await use({ transport, web });
      await web.stop();
      await transport.stop();
    },
    { scope: 'worker' },
  ],
  transport: [
    async ({ servers }, use) => {
      servers.transport.reset();
      await use(servers.transport);
    },
    // Also for a test that does not ask for it: it must not inherit the script of the one before.
    { auto: true },
  ],
  baseURL: async ({ servers }, use) => use(servers.web.url),
});

export { expect };

/** Index after the first event of the written call for which the condition holds. */
export function after(matches: (event: (typeof writtenCall)[number]) => boolean): number {
  const index = writtenCall.findIndex(matches);
  if (index === -1) throw new Error('The written call has no such event');
  return index + 1;
}

export async function startTyping(page: Page, until = 'Waiting for an agent'): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Type instead' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText(until);
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond).toBeLessThanOrEqual(0);
}
