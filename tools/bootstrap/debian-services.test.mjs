import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { withoutServiceStarts } from './debian-services.mjs';

let file;

beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'voicebus-policy-')), 'policy-rc.d');
});

function exitCode() {
  try {
    execFileSync(file);
    return 0;
  } catch (error) {
    return error.status;
  }
}

test('services are forbidden to start during the installation only', async () => {
  expect(await withoutServiceStarts(async () => exitCode(), file)).toBe(101);
  expect(existsSync(file)).toBe(false);
});

test("the machine's own policy stays", async () => {
  await writeFile(file, '#!/bin/sh\nexit 0\n');
  await withoutServiceStarts(async () => {}, file);
  expect(await readFile(file, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

test('what a killed installation left behind allows again, and removes itself', async () => {
  await withoutServiceStarts(async () => {
    // Above what a process id can be, so that no process has it.
    const script = (await readFile(file, 'utf8')).replace(String(process.pid), String(2 ** 30));
    await writeFile(file, script);
    expect(exitCode()).toBe(0);
    expect(existsSync(file)).toBe(false);
  }, file);
});
