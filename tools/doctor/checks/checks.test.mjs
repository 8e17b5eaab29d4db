import { describe, expect, test } from 'vitest';

import { runCheck } from '../findings.mjs';
import { judgeAddresses } from './announced-address.mjs';
import { judgeClock } from './clock.mjs';
import { judgeSpace } from './disk-space.mjs';
import { checks } from './index.mjs';
import { judgeKeys } from './keys.mjs';
import { judgeLocalModel } from './local-models.mjs';
import { judgeWorker } from './media-worker.mjs';
import { judgeMemory } from './memory.mjs';
import { judgeMicrophone } from './microphone.mjs';
import { judgeNode } from './node.mjs';
import { judgeOrigins } from './origins.mjs';
import { judgePackages } from './packages.mjs';
import { judgePort } from './ports.mjs';
import { judgeRecogniser } from './recogniser.mjs';
import { judgeSecret } from './secret.mjs';
import { judgeService, services } from './services.mjs';
import { judgeSettings } from './settings.mjs';
import { judgeToolchain } from './toolchain.mjs';

const gigabyte = 1024 ** 3;
const isOk = (findings) => findings.every((finding) => finding.isOk);
const textOf = (findings) => findings.map(({ text }) => text).join('\n');

const local = {
  host: '127.0.0.1',
  publicUrl: null,
  allowedOrigins: ['http://localhost:3000'],
  hasAppKey: false,
  hasAdminToken: false,
  mediasoup: { listenIp: '127.0.0.1', announcedIp: null },
};
const media = (listenIp, announcedIp = null) => ({ mediasoup: { listenIp, announcedIp } });

test('a check that throws is a finding, and the others are not hurt', async () => {
  const broken = {
    name: 'broken',
    run: async () => {
      throw new Error('no such file\nand more');
    },
  };
  expect(await runCheck(broken, {})).toEqual([
    { isOk: false, line: 'to do  broken: could not be checked: no such file' },
  ]);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

describe('what is there', () => {
  test('Node 20 is enough to begin with', () => {
    expect(isOk(judgeNode('20.0.0'))).toBe(true);
    expect(isOk(judgeNode('26.10.0'))).toBe(true);
    expect(textOf(judgeNode('18.19.0'))).toContain('install Node 20');
  });

  test('the toolchain and the packages come by npm start', () => {
    expect(isOk(judgeToolchain({ nodeFile: '/node', pnpmFile: '/pnpm' }))).toBe(true);
    expect(textOf(judgeToolchain({ nodeFile: '/node' }))).toBe(
      'pnpm not fetched yet: npm start does it',
    );
    expect(isOk(judgePackages({ lockMs: 1, installedMs: 2 }))).toBe(true);
    expect(isOk(judgePackages({}))).toBe(false);
  });

  test('a worker counts when it has shaken hands', () => {
    expect(isOk(judgeWorker({ file: '/worker', passed: 'gate: passed in 160 ms' }))).toBe(true);
    expect(textOf(judgeWorker({ given: '/nowhere' }))).toContain('/nowhere, which does not exist');
    expect(textOf(judgeWorker({}))).toContain('npm start');
    const died = judgeWorker({ file: '/worker', problem: 'gate: the worker died' });
    expect(isOk(died)).toBe(false);
    expect(textOf(died)).toContain('the worker died');
    expect(textOf(judgeWorker({ given: '/w', file: '/w', problem: 'x' }))).toContain('unset it');
  });

  test('the offline recogniser is needed where nothing else listens', () => {
    const judge = (stt, there = {}) => judgeRecogniser({ stt, ...there });
    expect(isOk(judge(['scripted']))).toBe(true);
    expect(isOk(judge(['offline'], { file: '/r', isRunnable: true }))).toBe(true);
    expect(textOf(judge(['offline']))).toContain('callers can only type');
    const behind = judge(['deepgram', 'offline']);
    expect(isOk(behind)).toBe(true);
    expect(textOf(behind)).toContain('nothing stands behind deepgram');
    const given = judge(['offline'], { given: '/r', file: '/r', isRunnable: false });
    expect(textOf(given)).toContain('VOICEBUS_RECOGNISER_BIN');
  });
});

describe('settings', () => {
  test("what is wrong is said in the services' own words, a line each", () => {
    expect(isOk(judgeSettings({ settings: local }))).toBe(true);
    const problem =
      'These settings are wrong:\n  STT: is not one of: offline\n  BUS: is wrong\nSet them';
    expect(judgeSettings({ problem }).map(({ text }) => text)).toEqual([
      'STT: is not one of: offline',
      'BUS: is wrong',
    ]);
    const missing = 'STT names deepgram, but …\nTTS names cartesia, but …';
    expect(judgeSettings({ problem: missing }).map(({ text }) => text)).toEqual([
      'STT names deepgram, but …',
      'TTS names cartesia, but …',
    ]);
    expect(isOk(judgeSettings({ unread: 'no packages' }))).toBe(false);
  });

  test.each(Object.values(services))(
    '$service is asked whether it takes the settings; no way out is no mistake',
    (part) => {
      const choices = [part.service, 'offline'];
      const judge = (answer) => judgeService(part, { choices, answer });
      expect(textOf(judge({ works: true }))).toContain(`${part.service}, then offline: `);
      expect(textOf(judge({ works: true, model: 'm' }))).toContain('then offline (m): ');
      expect(isOk(judge({ works: true }))).toBe(true);
      expect(isOk(judge({ fault: 'network', problem: 'not reached' }))).toBe(true);
      const refused = judge({ fault: 'key', problem: `it refused ${part.key}` });
      expect(isOk(refused)).toBe(false);
      expect(textOf(refused)).toContain(`it refused ${part.key}`);
      const idle = judgeService(part, { choices: ['offline'], hasKey: true });
      expect(textOf(idle)).toContain(`${part.key} is set, and ${part.setting} names others`);
      expect(textOf(judgeService(part, { choices: ['offline'] }))).toBe('offline');
      expect(isOk(judgeService(part, {}))).toBe(true);
    },
  );

  test('a model of one’s own works, or says what is missing', () => {
    expect(isOk(judgeLocalModel({ folder: '/models/zipformer', works: true }))).toBe(true);
    const broken = judgeLocalModel({ folder: '/models/zipformer', problem: 'no joiner there' });
    expect([isOk(broken), textOf(broken)]).toEqual([false, 'no joiner there']);
  });

  test('secrets and keys are counted and named, never printed', () => {
    const value = 'do-not-print-me-'.repeat(2);
    for (const findings of [
      judgeSecret({ given: value, kept: '' }),
      judgeSecret({ given: value.slice(0, 20), kept: '' }),
      judgeSecret({ given: '', kept: value }),
      judgeKeys({ VOICEBUS_APP_KEY: value, VOICEBUS_ADMIN_TOKEN: 'do-not' }),
    ])
      expect(textOf(findings)).not.toContain('do-not');
    expect(isOk(judgeSecret({ given: value, kept: '' }))).toBe(true);
    expect(isOk(judgeSecret({ given: 'short', kept: value }))).toBe(false);
    expect(isOk(judgeSecret({ given: '', kept: '' }))).toBe(true);
    expect(isOk(judgeKeys({ VOICEBUS_ADMIN_TOKEN: 'short' }))).toBe(false);
  });

  test('a port is free, ours, or in the way', () => {
    const entry = { variable: 'PORT', port: 3000, count: 1, purpose: 'the web page' };
    expect(judgePort(entry, 'free').isOk).toBe(true);
    expect(judgePort(entry, 'ours').isOk).toBe(true);
    expect(judgePort(entry, 'taken').text).toContain('set PORT');
    expect(judgePort({ ...entry, count: 3 }, 'free').text).toContain('3000-3002');
  });
});

describe('other machines', () => {
  test('sound reaches who is meant to call', () => {
    const own = ['127.0.0.1', '10.0.0.7'];
    expect(isOk(judgeAddresses(local, own))).toBe(true);
    expect(textOf(judgeAddresses({ ...local, ...media('0.0.0.0') }, own))).toContain(
      'set MEDIASOUP_ANNOUNCED_IP',
    );
    const remote = { ...local, host: '0.0.0.0' };
    expect(textOf(judgeAddresses(remote, own))).toContain('MEDIASOUP_LISTEN_IP=0.0.0.0');
    expect(isOk(judgeAddresses({ ...local, allowedOrigins: ['https://talk.example'] }, own))).toBe(
      false,
    );
    expect(isOk(judgeAddresses({ ...remote, ...media('127.0.0.1', '10.0.0.7') }, own))).toBe(false);
    expect(textOf(judgeAddresses({ ...remote, ...media('10.0.0.9') }, own))).toContain(
      'does not have',
    );
    expect(textOf(judgeAddresses({ ...remote, ...media('10.0.0.7') }, own))).toContain(
      'same network',
    );
    expect(textOf(judgeAddresses({ ...remote, ...media('0.0.0.0', '8.8.4.4') }, own))).toContain(
      'other machines',
    );
  });

  test('a microphone needs https or this machine', () => {
    const judge = (allowedOrigins, transportUrls = []) =>
      judgeMicrophone({ allowedOrigins, transportUrls });
    expect(
      isOk(judge(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])),
    ).toBe(true);
    expect(isOk(judge(['https://talk.example'], ['https://calls.example']))).toBe(true);
    expect(textOf(judge(['http://10.0.0.7:3000']))).toContain('by https');
    expect(textOf(judge(['https://talk.example'], ['http://calls.example']))).toContain(
      'may not talk',
    );
    expect(isOk(judge(['https://talk.example'], ['http://localhost:3001']))).toBe(true);
  });

  test('an origin is written as browsers say it', () => {
    expect(isOk(judgeOrigins(local))).toBe(true);
    const judge = (...allowedOrigins) => textOf(judgeOrigins({ ...local, allowedOrigins }));
    expect(judge('https://a.example/')).toContain('browsers say https://a.example');
    expect(judge('a.example')).toContain('no origin');
    expect(judge('*')).toContain('no origin');
    expect(textOf(judgeOrigins({ ...local, host: '0.0.0.0' }))).toContain('VOICEBUS_APP_KEY');
    expect(isOk(judgeOrigins({ ...local, host: '0.0.0.0', hasAppKey: true }))).toBe(true);
  });
});

describe('the machine', () => {
  test('a clock behind its own files is wrong', () => {
    const now = Date.UTC(2026, 5, 1);
    expect(isOk(judgeClock(now, now - 1000))).toBe(true);
    expect(isOk(judgeClock(now, now + 60_000))).toBe(true);
    expect(textOf(judgeClock(0, now))).toContain('tokens expire by it');
  });

  test('room is needed for what is not there yet', () => {
    const space = (freeBytes, isSetUp) => judgeSpace({ folder: '/', freeBytes, isSetUp }).isOk;
    expect(space(gigabyte, true)).toBe(true);
    expect(space(gigabyte, false)).toBe(false);
    expect(space(0.1 * gigabyte, true)).toBe(false);
    expect(isOk(judgeMemory(2 * gigabyte))).toBe(true);
    expect(isOk(judgeMemory(0.5 * gigabyte))).toBe(false);
  });
});
