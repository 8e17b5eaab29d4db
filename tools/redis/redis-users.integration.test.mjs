import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { RedisServer } from '../../packages/testing/src/bus-conformance/index.ts';
import { inRepository } from '../bootstrap/repository.mjs';

const run = promisify(execFile);
const passwords = {
  REDIS_TRANSPORT_AGENT_PASSWORD: 'transport-agent-password',
  REDIS_AGENT_PASSWORD: 'the-password-of-agents',
};

test('Redis takes the file that is written, and lets in who is in it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-users-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'users.acl');
  const script = inRepository('tools', 'redis', 'write-users.mjs');
  await run(process.execPath, [script, file], { env: { PATH: process.env.PATH, ...passwords } });
  await using server = await RedisServer.start(['--aclfile', file]);
  const as = (user, password, ...words) =>
    server.command('--user', user, '--pass', password, '--no-auth-warning', ...words);

  expect(await server.command('ping')).toMatch(/^NOAUTH/);
  expect(await as('health', 'anything', 'ping')).toBe('PONG');
  expect(await as('health', 'anything', 'info')).toMatch(/^NOPERM/);
  const record = ['hset', 'voicebus:record:x', 'epoch', '1'];
  expect(await as('transport-agent', passwords.REDIS_TRANSPORT_AGENT_PASSWORD, ...record)).toBe(
    '1',
  );
  expect(await as('agent', passwords.REDIS_AGENT_PASSWORD, ...record)).toMatch(/^NOPERM/);
  expect(await as('agent', passwords.REDIS_AGENT_PASSWORD, 'smembers', 'voicebus:runners')).toBe(
    '',
  );
});

test('whoever forgets a password is told which, and no file is begun', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-users-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'users.acl');
  const script = inRepository('tools', 'redis', 'write-users.mjs');
  const failed = run(process.execPath, [script, file], { env: { PATH: process.env.PATH } });
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^REDIS_TRANSPORT_AGENT_PASSWORD has to be/),
  });
  await expect(writeFile(file, '', { flag: 'wx' })).resolves.toBeUndefined();
});
