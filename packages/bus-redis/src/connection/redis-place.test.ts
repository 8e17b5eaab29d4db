import type { PeerCertificate } from 'node:tls';
import { expect, it } from 'vitest';
import { Keys } from '../keys.ts';
import { describePlace, isCluster, nodesOf } from './redis-place.ts';

it('reads user, password, database and TLS from a URL', () => {
  expect(nodesOf('redis://host')).toEqual([{ host: 'host', port: 6_379 }]);
  expect(nodesOf('rediss://me:p%40ss@host:7000/2')).toEqual([
    {
      host: 'host',
      port: 7_000,
      username: 'me',
      password: 'p@ss',
      db: 2,
      tls: { servername: 'host' },
    },
  ]);
  expect(nodesOf('redis://[::1]:1')).toEqual([{ host: '::1', port: 1 }]);
  // An address is no name that a server could be asked for.
  expect(nodesOf('rediss://127.0.0.1')[0]?.tls).toEqual({});
});

it('gives every node of a cluster the same options', () => {
  const cluster = ['redis://a:1', 'redis://b:2'];
  expect(nodesOf({ cluster, options: { password: 'x' } })).toEqual([
    { host: 'a', port: 1, password: 'x' },
    { host: 'b', port: 2, password: 'x' },
  ]);
  expect(() => nodesOf({ cluster: [] })).toThrow('at least one node');
});

it('reads nodes of a cluster, and sentinels, from one setting', () => {
  expect(nodesOf('redis://a:1, redis://me:hush@b:2')).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 2, username: 'me', password: 'hush' },
  ]);
  expect(isCluster('redis://a:1,redis://b:2')).toBe(true);
  expect(isCluster('redis://a:1')).toBe(false);
  const sentinels = 'redis-sentinel://me:hush@a:7000,b/acme';
  expect(isCluster(sentinels)).toBe(false);
  expect(nodesOf(sentinels)).toEqual([
    {
      name: 'acme',
      username: 'me',
      password: 'hush',
      sentinels: [
        { host: 'a', port: 7_000 },
        { host: 'b', port: 26_379 },
      ],
    },
  ]);
  expect(describePlace(sentinels)).toBe('Sentinel');
  expect(nodesOf('rediss-sentinel://a/acme')[0]).toMatchObject({ enableTLSForSentinelMode: true });
  expect(() => nodesOf('redis-sentinel://a:1')).toThrow('name of the primary');
  expect(() => nodesOf('rediss://a,redis://b')).toThrow('Name all of them alike');
});

it('takes a certificate that is for where the connection goes, or for a name that was given', () => {
  const certificate = (name: string) =>
    ({ subject: { CN: name }, subjectaltname: `DNS:${name}` }) as PeerCertificate;
  for (const place of ['rediss://a,rediss://b', 'rediss-sentinel://a,b/acme']) {
    for (const { tls, sentinelTLS = tls } of nodesOf(place)) {
      for (const { checkServerIdentity: check, servername } of [tls ?? {}, sentinelTLS ?? {}]) {
        expect(servername).toBeUndefined();
        expect(check?.('c', certificate('c'))).toBeUndefined();
        expect(check?.('10.0.0.1', certificate('b'))).toBeUndefined();
        expect(check?.('10.0.0.1', certificate('c'))).toBeInstanceOf(Error);
      }
    }
  }
});

it('describes a place without who we are there', () => {
  expect(describePlace('redis://me:hush@host:1')).toBe('host:1');
  expect(describePlace({ sentinels: [{ host: 'a' }], name: 'm', password: 'x' })).toBe('Sentinel');
  expect(describePlace({ path: '/run/redis.sock' })).toBe('/run/redis.sock');
});

it('keeps the names of channels apart, and the parts of a process in one slot', () => {
  const names = (channel: string): readonly string[] => {
    const keys = new Keys(channel);
    return [keys.runners, keys.inbox('x'), keys.record('x'), keys.media('x', 's'), keys.notes];
  };
  for (const name of names('acme_eu')) expect(name.startsWith('acme:')).toBe(false);
  const keys = new Keys('acme');
  for (const name of [keys.inbox('x'), keys.lease('x'), keys.runner('x')])
    expect(name).toContain('{x}');
  expect(keys.media('x', 's')).toHaveLength('acme:m'.length + 11);
  for (const bad of ['', 'a:b', 'a b', 'a{b}', 'x'.repeat(65)])
    expect(() => new Keys(bad)).toThrow('no name of a channel');
});
