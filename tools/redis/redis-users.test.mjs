import { expect, test } from 'vitest';

import { describeRedisUsers } from './redis-users.mjs';

const settings = {
  REDIS_TRANSPORT_AGENT_PASSWORD: 'transport-agent-password',
  REDIS_AGENT_PASSWORD: 'the-password-of-agents',
};

function usersOf(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

test('there is a user per role, one that only asks for health, and nobody else', () => {
  const users = usersOf(describeRedisUsers(settings));
  expect(users.map(([, name, state]) => `${name} ${state}`)).toEqual([
    'default off',
    'health on',
    'transport-agent on',
    'agent on',
  ]);
  const allowed = users[1].filter((word) => /^[+~&]/.test(word));
  expect(allowed).toEqual(['+ping']);
});

test('only the owner of sessions may touch their records, and all of it on one channel', () => {
  const text = describeRedisUsers({ ...settings, VOICEBUS_CHANNEL: 'acme' });
  const [owner, agent] = usersOf(text).slice(2);
  expect(owner).toContain('~acme:record:*');
  expect(agent).not.toContain('~acme:record:*');
  for (const word of [...owner, ...agent])
    if (/^[~&]/.test(word)) expect(word.slice(1)).toMatch(/^acme:/);
});

test('an operator is there when it has a password', () => {
  const text = describeRedisUsers({
    ...settings,
    REDIS_OPERATOR_PASSWORD: 'a-long-enough-password',
  });
  expect(usersOf(text).at(-1)).toEqual(expect.arrayContaining(['operator', '+@all']));
  expect(describeRedisUsers({ ...settings, REDIS_OPERATOR_PASSWORD: ' ' })).not.toContain(
    'operator',
  );
});

test('no password is written, and one that is missing, short or of no use in a URL is refused by name', () => {
  for (const password of Object.values(settings))
    expect(describeRedisUsers(settings)).not.toContain(password);
  for (const password of [undefined, '', 'short', 'with/slash-and@sign-in-it']) {
    const wrong = { ...settings, REDIS_AGENT_PASSWORD: password };
    expect(() => describeRedisUsers(wrong)).toThrow(/^REDIS_AGENT_PASSWORD has to be/);
    if (password) expect(() => describeRedisUsers(wrong)).not.toThrow(password);
  }
});
