import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { fingerprint, fingerprintFiles, listSources } from './fingerprint.mjs';

let folder;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voicebus-sources-'));
  await mkdir(path.join(folder, 'src'));
  await mkdir(path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'src', 'a.ts'), 'a');
  await writeFile(path.join(folder, 'src', 'a.test.ts'), 'test');
  await writeFile(path.join(folder, 'node_modules', 'b.js'), 'b');
});

test('where one text ends matters', () => {
  expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
});

test('sources are what is written by hand and kept', async () => {
  const keep = (file) => !file.endsWith('.test.ts');
  expect(await listSources(folder, { keep })).toEqual([path.join(folder, 'src', 'a.ts')]);
  expect(await listSources(path.join(folder, 'none'))).toEqual([]);
});

test('content, name and absence of a file change the fingerprint, order does not', async () => {
  const [a, b] = ['a.ts', 'b.ts'].map((name) => path.join(folder, 'src', name));
  const describe = (files) => fingerprintFiles(files, { relativeTo: folder });
  const without = await describe([a, b]);
  await writeFile(b, '');
  const withEmpty = await describe([a, b]);
  await writeFile(b, 'b');
  const withContent = await describe([a, b]);
  expect(new Set([without, withEmpty, withContent, await describe([a])]).size).toBe(4);
  expect(await describe([b, a])).toBe(withContent);
});
