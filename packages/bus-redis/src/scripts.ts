import { Cluster, type Redis } from 'ioredis';

/** Each touches one key, or keys of one hash tag, so that they run on a cluster as well. */
const scripts = {
  /**
   * Makes sure that the inbox is there. KEYS: inbox. ARGV: time to live, ms.
   * Returns 1 if it had to be made, and the id of its last entry ever.
   */
  voicebusOpenInbox: {
    numberOfKeys: 1,
    lua: `
      local made = 0
      if redis.call('EXISTS', KEYS[1]) == 0 then
        redis.call('XADD', KEYS[1], '*', '', '')
        redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
        made = 1
      end
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      local info = redis.call('XINFO', 'STREAM', KEYS[1])
      for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then return { made, info[i + 1] } end
      end
      return { made, '0-0' }`,
  },
  /**
   * Renews a runner. KEYS: lease, runner. ARGV: lease's and runner's time to live (ms), revision, record,
   * 1 for anew, number of workers to set, then name and worker each, then names to drop.
   * Returns 1 if the runner's hash was there.
   */
  voicebusRenew: {
    numberOfKeys: 2,
    lua: `
      local known = redis.call('EXISTS', KEYS[2])
      if ARGV[5] == '1' then redis.call('DEL', KEYS[2]) end
      redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[1])
      redis.call('HSET', KEYS[2], 'revision', ARGV[3], 'record', ARGV[4])
      local sets = tonumber(ARGV[6])
      for i = 7, 6 + 2 * sets, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
      for i = 7 + 2 * sets, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
      redis.call('PEXPIRE', KEYS[2], ARGV[2])
      return known`,
  },
  /**
   * KEYS: record. ARGV: expected epoch, new epoch, new holder, who writes.
   * Returns 1 if it was written, now or by an earlier try of the same writer.
   */
  voicebusCompareAndSet: {
    numberOfKeys: 1,
    lua: `
      local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
      if epoch == tonumber(ARGV[2]) and redis.call('HGET', KEYS[1], 'writer') == ARGV[4] then
        return 1
      end
      if epoch ~= tonumber(ARGV[1]) then return 0 end
      redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'holder', ARGV[3], 'writer', ARGV[4])
      return 1`,
  },
  /** Writes an epoch again that a broker may have lost. KEYS: record. ARGV: epoch, holder, who writes. */
  voicebusRaise: {
    numberOfKeys: 1,
    lua: `
      local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
      if epoch >= tonumber(ARGV[1]) then return 0 end
      redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'holder', ARGV[2], 'writer', ARGV[3])
      return 1`,
  },
  /** Publishes on the node of that name's slot. KEYS: name. ARGV: text. */
  voicebusPublish: {
    numberOfKeys: 1,
    lua: `return redis.call('PUBLISH', KEYS[1], ARGV[1])`,
  },
  /**
   * Keeps an event and tells it. KEYS: events. ARGV: event, most entries, time to live (ms), its lower
   * bound before it is renewed, 1 for the last event, published name, published text.
   */
  voicebusEvent: {
    numberOfKeys: 1,
    lua: `
      redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'e', ARGV[1])
      local left = redis.call('PTTL', KEYS[1])
      if ARGV[5] == '1' then
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
      elseif left < 0 or (left > tonumber(ARGV[4]) and left < tonumber(ARGV[3]) / 2) then
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
      end
      redis.call('PUBLISH', ARGV[6], ARGV[7])
      return 1`,
  },
} as const;

type Argument = string | number | Buffer;
export type Scripts = Record<
  keyof typeof scripts,
  (...keysAndArguments: readonly Argument[]) => Promise<unknown>
>;

/** A connection that knows our scripts: sent by their hash, and whole when the server has not got them. */
export type Client = (Redis | Cluster) & Scripts;

export function withScripts(client: Redis | Cluster): Client {
  for (const [name, definition] of Object.entries(scripts)) client.defineCommand(name, definition);
  return client as Client;
}

/**
 * Publishes so that what one sender says under one name is heard in its order. A cluster tells it to
 * everybody from whichever node it was given to, so there it is always the same one.
 */
export function publish(client: Client, name: string, text: string | Buffer): Promise<unknown> {
  return client instanceof Cluster
    ? client.voicebusPublish(name, text)
    : client.publish(name, text);
}
