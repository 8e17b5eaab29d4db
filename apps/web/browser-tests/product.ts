import { test as base } from '@playwright/test';
import { freePort } from '@voicebus/testing/system';
import { CuttableLine } from './cuttable-line.ts';
import { type RunningServer, startTransportAgent, startWeb } from './servers.ts';

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
      const [transport, media] = await Promise.all([freePort(), freePort()]);
      const line = await CuttableLine.to(transport);
      const web = await startWeb({ TRANSPORT_PORT: String(transport), TRANSPORT_URLS: line.url });
      const page = Number(new URL(web.url).port);
      const agent = await startTransportAgent({ transport, media, web: page });
      await use({ web, agent, line });
      await line.close();
      await agent.stop();
      await web.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.web.url),
});
