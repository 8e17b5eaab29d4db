import { test as base } from '@playwright/test';
import { freePort, type RunningServer, startTransportAgent, startWeb } from './servers.ts';

/** The built page with the real transport agent and its agents, everything offline, on free ports. */
export const test = base.extend<object, { readonly product: RunningServer }>({
  product: [
    // Playwright reads from this pattern what the fixture depends on: nothing.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const [transport, media] = await Promise.all([freePort(), freePort()]);
      const web = await startWeb({ TRANSPORT_PORT: String(transport), TRANSPORT_URLS: '' });
      const page = Number(new URL(web.url).port);
      const agent = await startTransportAgent({ transport, media, web: page });
      await use(web);
      await agent.stop();
      await web.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.url),
});
