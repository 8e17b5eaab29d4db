import type { RedisOptions } from 'ioredis';
import { VoicebusError } from '@voicebus/core';

/** Some nodes of a Redis Cluster; the others are found through them. */
export interface RedisClusterPlace {
  readonly cluster: readonly string[];
  /** For every node: TLS, user, password. Over what the URLs say. */
  readonly options?: RedisOptions;
}

/**
 * Where Redis is: a URL (`redis://user:password@host:6379/0`, `rediss://` for TLS), ioredis' own options
 * (Sentinel among them), or the URLs of some nodes of a cluster.
 */
export type RedisPlace = string | RedisOptions | RedisClusterPlace;

export function isCluster(place: RedisPlace): place is RedisClusterPlace {
  return typeof place === 'object' && 'cluster' in place;
}

/** The nodes to begin with: one, or those of a cluster that were named. */
export function nodesOf(place: RedisPlace): readonly RedisOptions[] {
  if (typeof place === 'string') return [parseUrl(place)];
  if (!isCluster(place)) return [place];
  if (place.cluster.length === 0)
    throw new VoicebusError('invalid-arguments', 'Name at least one node of the Redis Cluster.');
  return place.cluster.map((url) => ({ ...parseUrl(url), ...place.options }));
}

/** For messages to people: never with a user or a password. */
export function describePlace(place: RedisPlace): string {
  return nodesOf(place)
    .map(({ host, port, path, sentinels }) =>
      sentinels ? 'Sentinel' : (path ?? `${host ?? '127.0.0.1'}:${port ?? 6379}`),
    )
    .join(', ');
}

function parseUrl(text: string): RedisOptions {
  const url = URL.parse(text);
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    // Not the text itself: it may hold a password.
    throw new VoicebusError(
      'invalid-arguments',
      'The address of Redis is no redis:// or rediss:// URL. Write redis://host:6379.',
    );
  }
  const db = url.pathname.slice(1);
  if (db !== '' && !/^\d+$/.test(db)) {
    throw new VoicebusError(
      'invalid-arguments',
      'The path of a Redis URL is the number of a database, as in redis://host:6379/0.',
    );
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6_379 : Number(url.port),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  };
}
