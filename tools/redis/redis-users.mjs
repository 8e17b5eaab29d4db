import { createHash } from 'node:crypto';

import { aclRules } from '../../packages/bus-redis/src/index.ts';

/** A user per role, with the name of the setting that holds its password. */
const roles = [
  { role: 'transport-agent', passwordName: 'REDIS_TRANSPORT_AGENT_PASSWORD' },
  { role: 'agent', passwordName: 'REDIS_AGENT_PASSWORD' },
];
const operatorPasswordName = 'REDIS_OPERATOR_PASSWORD';
/** It becomes part of a URL, so nothing in it may have a meaning there. */
const passwordForm = /^[\w-]{16,}$/;

/**
 * The text of an ACL file of Redis: a user per role with what its role needs on one channel, `health`, who
 * may ask whether Redis lives, and `operator`, who may do everything, where it has a password. Nobody else
 * gets in. Passwords are in it as SHA-256 only.
 *
 * @param {Record<string, string | undefined>} settings blank means unset
 */
export function describeRedisUsers(settings) {
  const channel = settings.VOICEBUS_CHANNEL?.trim() || 'voicebus';
  const users = roles.map(({ role, passwordName }) =>
    describeUser(role, readPassword(settings, passwordName), aclRules(role, channel)),
  );
  if (settings[operatorPasswordName]?.trim()) {
    const password = readPassword(settings, operatorPasswordName);
    users.push(describeUser('operator', password, ['~*', '&*', '+@all']));
  }
  return [
    'user default off',
    'user health on nopass resetkeys resetchannels -@all +ping',
    ...users,
    '',
  ].join('\n');
}

function describeUser(name, password, rules) {
  const hash = createHash('sha256').update(password).digest('hex');
  return ['user', name, 'on', `#${hash}`, ...rules].join(' ');
}

function readPassword(settings, name) {
  const password = settings[name]?.trim() ?? '';
  if (passwordForm.test(password)) return password;
  throw new Error(
    `${name} has to be at least 16 letters, digits, "_" or "-": openssl rand -hex 24`,
  );
}
