import type { RedisOptions } from 'ioredis';
import { VoicebusError } from '@voicebus/core';
import { knownByAnyOf, tlsOf } from './server-identity.ts';

/** Some nodes of a Redis Cluster; the others are found through them. */
export interface RedisClusterPlace {
  readonly cluster: readonly string[];
  /** For every node: TLS, user, password. Over what the URLs say. */
  readonly options?: RedisOptions;
}

/**
 * Where Redis is: a URL (`redis://user:password@host:6379/0`, `rediss://` for TLS); URLs with commas
 * between them for some nodes of a cluster; `redis-sentinel://user:password@host:26379,other/name` for the
 * primary that Sentinel knows by that name (`rediss-sentinel://` for TLS to it and to the sentinels); or
 * the same as ioredis' own options.
 */
export type RedisPlace = string | RedisOptions | RedisClusterPlace;

export function isCluster(place: RedisPlace): boolean {
  if (typeof place === 'string') return place.includes(',') && !sentinelUrl.test(place);
  return 'cluster' in place;
}

/** The nodes to begin with: one, or those of a cluster that were named. */
export function nodesOf(place: RedisPlace): readonly RedisOptions[] {
  const nodes = namedIn(place);
  if (!isCluster(place) && !nodes[0]?.sentinels) return nodes;
  const hosts = nodes.flatMap(({ host, sentinels = [] }) => [
    host,
    ...sentinels.map((sentinel) => sentinel.host),
  ]);
  const names = hosts.filter((host) => host !== undefined);
  return nodes.map((node) => knownByAnyOf(names, node));
}

function namedIn(place: RedisPlace): readonly RedisOptions[] {
  if (typeof place === 'string')
    return sentinelUrl.test(place) ? [parseSentinels(place)] : parseNodes(place.split(','));
  if (!('cluster' in place)) return [place];
  if (place.cluster.length === 0)
    throw new VoicebusError('invalid-arguments', 'Name at least one node of the Redis Cluster.');
  return parseNodes(place.cluster).map((node) => ({ ...node, ...place.options }));
}

/** What the first says of TLS, all others are met with: they have to say the same. */
function parseNodes(urls: readonly string[]): readonly RedisOptions[] {
  const nodes = urls.map(parseUrl);
  if (new Set(nodes.map(({ tls }) => tls === undefined)).size === 1) return nodes;
  throw new VoicebusError(
    'invalid-arguments',
    'Some nodes of the Redis Cluster are named with rediss:// and some without. Name all of them alike.',
  );
}

/** For messages to people: never with a user or a password. */
export function describePlace(place: RedisPlace): string {
  return nodesOf(place)
    .map(({ host, port, path, sentinels }) =>
      sentinels ? 'Sentinel' : (path ?? `${host ?? '127.0.0.1'}:${port ?? 6379}`),
    )
    .join(', ');
}

const sentinelUrl = /^(rediss?)-sentinel:\/\//;
const sentinelPort = 26_379;

/** The first of them looks like a URL of one server, whose path is the primary's name. */
function parseSentinels(text: string): RedisOptions {
  const scheme = sentinelUrl.exec(text)?.[1];
  const [, authority = '', name = ''] = /^[a-z-]+:\/\/([^/]*)\/([\w.-]+)$/.exec(text) ?? [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  const user = authority.slice(0, authority.lastIndexOf('@') + 1);
  if (name === '') {
    throw new VoicebusError(
      'invalid-arguments',
      'The address of Sentinel is redis-sentinel://host:26379,other:26379/name, with the name of the primary.',
    );
  }
  const { host: _host, port: _port, ...who } = parseUrl(`${scheme}://${user}${hosts[0]}`);
  return {
    ...who,
    name,
    sentinels: hosts.map((each) => {
      const { host, port } = parseUrl(`redis://${each}`);
      return { host: host ?? '', port: each.includes(':') ? (port ?? sentinelPort) : sentinelPort };
    }),
    ...(who.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  };
}

function parseUrl(text: string): RedisOptions {
  const url = URL.parse(text.trim());
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
    ...(url.protocol === 'rediss:' ? { tls: tlsOf(url.hostname) } : {}),
  };
}
