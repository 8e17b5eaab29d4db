export * from './acl.ts';
export * from './redis-bus.ts';
export type { RedisClusterPlace, RedisPlace } from './connection/redis-place.ts';
