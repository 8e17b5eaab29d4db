import { expect, test } from 'vitest';

import { findMissingPackages, planInstallation } from './debian.mjs';

const compiler = { packages: ['g++', 'meson'], missing: ['g++', 'meson'], reason: 'building' };
const voices = { packages: ['flite'], missing: ['flite'], reason: 'voices', isRequired: false };
const command = 'sudo apt-get install -y --no-install-recommends';

test('missing is what is unknown or not completely installed, each once', async () => {
  const query = async () => 'g++ installed\nsox half-configured\n';
  const packages = ['g++', 'sox', 'chromium', 'sox'];
  expect(await findMissingPackages(packages, { query })).toEqual(['sox', 'chromium']);
});

test('nothing is asked when nothing is needed', async () => {
  const query = () => Promise.reject(new Error('asked'));
  expect(await findMissingPackages([], { query })).toEqual([]);
});

test('nothing is said when all is there', () => {
  const needs = [{ ...compiler, missing: [] }];
  expect(planInstallation({ needs, isRoot: false, mayInstall: false }).action).toBe('nothing');
});

test('root installs all that is missing at once, list and reasons first', () => {
  const plan = planInstallation({ needs: [compiler, voices], isRoot: true, mayInstall: true });
  expect(plan.action).toBe('install');
  expect(plan.packages).toEqual(['g++', 'meson', 'flite']);
  expect(plan.lines).toEqual([
    'Debian packages to install:',
    '  g++ meson: building',
    '  flite: voices',
  ]);
});

test('another user gets one command for everything', () => {
  const plan = planInstallation({ needs: [compiler, voices], isRoot: false, mayInstall: true });
  expect(plan.action).toBe('refuse');
  expect(plan.lines.at(-1)).toBe(`${command} g++ meson flite`);
});

test('where installing is forbidden, only what is really needed stops', () => {
  const forbidden = { isRoot: true, mayInstall: false };
  expect(planInstallation({ needs: [voices], ...forbidden }).action).toBe('skip');
  expect(planInstallation({ needs: [compiler, voices], ...forbidden }).action).toBe('refuse');
});
