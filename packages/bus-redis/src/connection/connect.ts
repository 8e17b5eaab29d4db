import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { isCluster, nodesOf, type RedisPlace } from './redis-place.ts';

/** What a connection is for; its name in `CLIENT LIST`. */
export type Purpose = 'append' | 'inbox' | 'notes' | 'events' | 'live-events';

const firstRetryMs = 20;
/** Both ends and the inbox come back one after the other, and should be within 250 ms. */
const longestRetryMs = 125;

/** 20 to 125 ms, doubling, with jitter, so that many processes do not come back in one instant. */
export function retryDelay(times: number): number {
  const delay = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(times - 1, 10));
  return Math.round(delay * (0.5 + Math.random() / 2));
}

type ConnectionOptions = RedisOptions & { readonly replyMapping: 'legacy' };

/**
 * Settings of every connection. Commands fail at once while it is down, and never go out twice by
 * themselves: whoever sent them knows whether that would repeat something.
 */
export function connectionOptions(node: RedisOptions, purpose: Purpose): ConnectionOptions {
  return {
    connectTimeout: 2_000,
    disableClientInfo: true,
    ...node,
    // The channel is the prefix; replies have the shapes that are read here.
    keyPrefix: '',
    replyMapping: 'legacy',
    lazyConnect: true,
    connectionName: `voicebus-${purpose}`,
    retryStrategy: retryDelay,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // The default of 2 s is the time for which a dead link is waited for once more.
    disconnectTimeout: 100,
    ...(node.sentinels ? { failoverDetector: true } : {}),
    // A replica that was our primary a moment ago: connect anew, and find the one that is now.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/** A connection for commands: to the one server, or to a cluster. It connects when it is told to. */
export function createClient(place: RedisPlace, purpose: Purpose): Redis | Cluster {
  const [first] = nodesOf(place);
  const settings = connectionOptions(first ?? {}, purpose);
  if (!isCluster(place)) return new Redis(settings);
  const { host: _host, port: _port, retryStrategy: _retry, ...redisOptions } = settings;
  const seeds = nodesOf(place).map(({ host, port }) => ({
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  }));
  return new Cluster(seeds, {
    // A name stays a name, so that a certificate can be for it.
    ...(settings.tls ? { dnsLookup: (name, found) => found(null, name) } : {}),
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelay,
    clusterNodeRetryStrategy: retryDelay,
    retryDelayOnFailover: 50,
    retryDelayOnClusterDown: 50,
    slotsRefreshTimeout: 1_000,
    redisOptions,
  });
}
