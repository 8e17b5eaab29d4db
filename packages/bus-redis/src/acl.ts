import { Keys } from './keys.ts';

/** Who joins a channel: the owner of sessions writes their records, an agent does not. */
export type BusRole = 'transport-agent' | 'agent';

/** What every process sends. No CONFIG, KEYS, FLUSHALL, nor any other command on what others keep. */
const commands = [
  ...['ping', 'select', 'info', 'client|setname', 'eval', 'evalsha'],
  ...['subscribe', 'unsubscribe', 'publish', 'pubsub|numsub'],
  ...['xadd', 'xread', 'xtrim', 'xrange', 'xinfo|stream'],
  ...['exists', 'del', 'pexpire', 'pttl', 'set'],
  ...['hset', 'hdel', 'hget', 'hmget', 'hgetall', 'sadd', 'srem', 'smembers'],
  // On a cluster.
  ...['cluster|slots', 'cluster|info', 'asking', 'readonly'],
];

/**
 * The rules of a Redis ACL user for one role on one channel, as words for `ACL SETUSER name on >password …`:
 * its keys, what it may publish and hear, its commands. A user of one channel sees nothing of another.
 */
export function aclRules(role: BusRole, channel: string): readonly string[] {
  const keys = new Keys(channel);
  const names = [
    keys.inbox('*').replace('{*}', '*'),
    keys.lease('*').replace('{*}', '*'),
    keys.runner('*').replace('{*}', '*'),
    keys.runners,
    keys.events('*'),
    // Published by a script on a cluster, which names it as a key.
    keys.notes,
    `${channel}:m*`,
    keys.pulse('*'),
    ...(role === 'transport-agent' ? [keys.record('*')] : []),
  ];
  return [
    'resetkeys',
    'resetchannels',
    '-@all',
    ...names.map((name) => `~${name}`),
    `&${channel}:*`,
    ...commands.map((command) => `+${command}`),
  ];
}
