import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';

import { expect, test } from 'vitest';

import { parseEnvironmentFile, readEnvironment } from './environment.mjs';

const text = [
  '# a comment',
  'PORT=3000',
  '  TRANSPORT_PORT = 3001  # signalling',
  'export BUS=redis',
  'QUOTED="two words # no comment"',
  "SINGLE='x=y'",
  'EMPTY=',
  'REDIS_URL=redis://localhost:6379/0?a=b',
  'not a setting',
].join('\n');

test('settings are read as Node reads them', () => {
  expect(parseEnvironmentFile(text)).toEqual({ ...parseEnv(text) });
});

test('lines may end as on Windows', () => {
  expect(parseEnvironmentFile('A=1\r\nB=2\r\n')).toEqual({ A: '1', B: '2' });
});

test('the environment goes before the file, and blank means unset in both', async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'voicebus-env-')), '.env');
  await writeFile(file, 'PORT=4000\nBUS=redis\nSTT=\n');
  expect(readEnvironment({ PORT: '5000', BUS: ' ' }, file)).toEqual({ PORT: '5000', BUS: 'redis' });
});

test('there need not be a file', () => {
  expect(readEnvironment({ A: '1' }, path.join(tmpdir(), 'voicebus', 'none'))).toEqual({ A: '1' });
});
