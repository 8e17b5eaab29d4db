import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { RedisOptions } from 'ioredis';

/** What a server is asked for by name, and has to prove; an address is no name to ask for. */
export function tlsOf(host: string): NonNullable<RedisOptions['tls']> {
  return isIP(host) === 0 ? { servername: host } : {};
}

/**
 * For nodes of a cluster, sentinels and the primary that they name: these are found by others, often by an
 * address that is in no certificate. So one is good that is for where the connection goes, or for one of
 * the names that we were given.
 */
export function knownByAnyOf(names: readonly string[], node: RedisOptions): RedisOptions {
  if (!node.tls) return node;
  const { servername: _servername, ...own } = node.tls;
  const tls: NonNullable<RedisOptions['tls']> = {
    checkServerIdentity: (host, certificate) => {
      const problem = checkServerIdentity(host, certificate);
      const isKnown = names.some((name) => checkServerIdentity(name, certificate) === undefined);
      return isKnown ? undefined : problem;
    },
    ...own,
  };
  return {
    ...node,
    tls,
    ...(node.sentinelTLS ? { sentinelTLS: { ...tls, ...node.sentinelTLS } } : {}),
  };
}
