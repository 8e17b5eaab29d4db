import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { expect, test } from 'vitest';

import { checkPorts, isPortFree, wantedPorts } from './ports.mjs';

const occupied =
  (...taken) =>
  async ({ protocol, port }) =>
    !taken.includes(port) && !taken.includes(`${protocol} ${port}`);

test('free ports say nothing', async () => {
  await checkPorts({}, { isFree: occupied() });
});

test('every port that is in use is named, with one command that avoids them all', async () => {
  const check = checkPorts({}, { isFree: occupied(3000, 3002, 'udp 40000') });
  await expect(check).rejects.toThrow(
    [
      'Port 3000 for the web page (PORT) is in use.',
      'Port 40000 for the calls (MEDIASOUP_PORT) is in use.',
      'Start with free ports: PORT=3003 MEDIASOUP_PORT=40001 npm start',
    ].join('\n'),
  );
});

test('two purposes cannot share a port', async () => {
  const check = checkPorts({ PORT: '3001' }, { isFree: occupied() });
  await expect(check).rejects.toThrow('ports: PORT=3001 TRANSPORT_PORT=3002 npm start');
});

test('several media workers need as many ports', async () => {
  const environment = { MEDIASOUP_WORKERS: '3', MEDIASOUP_PORT: '50000' };
  const check = checkPorts(environment, { isFree: occupied('tcp 50002') });
  await expect(check).rejects.toThrow(
    /Port 50000-50002 for the calls[^]*MEDIASOUP_PORT=50003 npm start/,
  );
});

test('a port that is no number is refused by name', () => {
  expect(() => wantedPorts({ PORT: 'http' })).toThrow('PORT=http is not a number from 1 to 65535.');
});

test('a listening TCP server and a bound UDP socket are found', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const tcp = { protocol: 'tcp', host: '127.0.0.1', port: server.address().port };
  const udp = { protocol: 'udp', host: '127.0.0.1', port: socket.address().port };
  expect([await isPortFree(tcp), await isPortFree(udp)]).toEqual([false, false]);
  server.close();
  socket.close();
  await Promise.all([once(server, 'close'), once(socket, 'close')]);
  expect([await isPortFree(tcp), await isPortFree(udp)]).toEqual([true, true]);
});

test('an address that this machine does not have is left to the service', async () => {
  expect(await isPortFree({ protocol: 'tcp', host: '192.0.2.1', port: 40000 })).toBe(true);
});
