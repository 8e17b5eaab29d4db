import { test as base } from '@playwright/test';
import { freePort } from '@voicebus/testing/system';
import { CuttableLine } from './cuttable-line.ts';
import { type RunningServer, startProduct } from './servers.ts';

interface Product {
  readonly web: RunningServer;
  readonly agent: RunningServer;
  /** What the page says to the transport agent, other than media, goes here. */
  readonly line: CuttableLine;
}

/** The built page with the real transport agent and its agents, everything offline, on free ports. */
export const test = base.extend<object, { readonly product: Product }>({
  product: [
    // Playwright reads from this pattern what the fixture depends on: nothing.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const transport = await freePort();
      const line = await CuttableLine.to(transport);
      const { web, agent } = await startProduct({
        transport,
        webEnvironment: { TRANSPORT_PORT: String(transport), TRANSPORT_URLS: line.url },
      });
      await use({ web, agent, line });
      await line.close();
      await agent.stop();
      await web.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.web.url),
});
