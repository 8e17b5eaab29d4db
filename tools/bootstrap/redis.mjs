/** A real broker for tests and benches, which start it on free ports; `npm start` needs none. */
export const redisNeed = {
  packages: ['redis-server', 'openssl'],
  reason: 'the bus between processes, in tests and benches',
  isRequired: false,
};
