import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // The workspace packages are TypeScript sources.
  transpilePackages: [
    '@voicebus/client',
    '@voicebus/config',
    '@voicebus/protocol',
    '@voicebus/session-view',
  ],
  turbopack: { root: path.join(import.meta.dirname, '..', '..') },
  poweredByHeader: false,
  // They are checked by `pnpm types`, and `npm test` would wait for the same check twice.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  headers: async () => [
    {
      // They change with the installed version only, and a build may change that: ask each time.
      source: '/vad/:file*',
      headers: [{ key: 'Cache-Control', value: 'public, max-age=0, must-revalidate' }],
    },
  ],
};

export default config;
