import { describe, expect, it } from 'vitest';
import { isLoopback, mayCall, mayObserve, type AccessRequest, type AccessRules } from './access.ts';

const rules: AccessRules = {
  allowedOrigins: ['http://localhost:3000'],
  adminToken: null,
  appKey: null,
  trustedPeers: [],
};
const page: AccessRequest = {
  origin: 'http://localhost:3000',
  address: '127.0.0.1',
  token: undefined,
  appKey: undefined,
};

describe('access', () => {
  it('lets our own page call and watch from this machine', () => {
    expect(mayCall(page, rules)).toBeNull();
    expect(mayObserve(page, rules)).toBeNull();
    expect(mayCall({ ...page, origin: undefined }, rules)).toBeNull();
  });

  it('refuses foreign pages', () => {
    expect(mayCall({ ...page, origin: 'https://evil.example' }, rules)).toMatchObject({
      status: 403,
      code: 'foreign-origin',
    });
    expect(mayObserve({ ...page, origin: 'https://evil.example' }, rules)).toMatchObject({
      status: 403,
    });
  });

  it('asks other machines for the key and the token', () => {
    const remote = { ...page, address: '10.0.0.7' };
    expect(mayCall(remote, rules)).toMatchObject({ code: 'not-loopback' });
    expect(mayObserve(remote, rules)).toMatchObject({ code: 'not-loopback' });
    const keyed = { ...rules, appKey: 'k'.repeat(16), adminToken: 't'.repeat(16) };
    expect(mayCall(remote, keyed)).toMatchObject({ code: 'bad-app-key' });
    expect(mayCall({ ...remote, appKey: 'k'.repeat(16) }, keyed)).toBeNull();
    expect(mayObserve({ ...remote, token: 'wrong' }, keyed)).toMatchObject({ status: 401 });
    expect(mayObserve({ ...remote, token: 't'.repeat(16) }, keyed)).toBeNull();
  });

  it('asks for the token even on this machine once there is one', () => {
    expect(mayObserve(page, { ...rules, adminToken: 't'.repeat(16) })).toMatchObject({
      status: 401,
    });
  });

  it('counts the peers of trusted networks as this machine', () => {
    const trusting = { ...rules, trustedPeers: ['172.16.0.0/12', 'fd00::/8', 'nonsense'] };
    expect(mayCall({ ...page, address: '::ffff:172.18.0.1' }, trusting)).toBeNull();
    expect(mayObserve({ ...page, address: 'fd12::1' }, trusting)).toBeNull();
    expect(mayCall({ ...page, address: '172.32.0.1' }, trusting)).toMatchObject({ status: 403 });
  });

  it('knows loopback addresses', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', '::2', '127.evil.example', ''].some(isLoopback)).toBe(false);
  });
});
