import { request } from 'node:http';
import { connect } from 'node:net';
import { errorResponseSchema } from '@voicebus/protocol';
import type { SeededRandom } from '@voicebus/testing';
import { startAttackedAgent } from '../attacked-agent.ts';
import { anyJson, anyText, mutated } from '../garbage/json.ts';
import { mutatedBytes } from '../garbage/bytes.ts';
import type { Surface } from '../surface.ts';

/** Requests, from nearly right to bytes that are no HTTP, also where a WebSocket is expected. */
export const http: Surface = {
  name: 'http',
  concurrency: 8,
  open: async () => {
    const { url, violations, close } = await startAttackedAgent();
    const { hostname, port } = new URL(url);
    return {
      violations,
      close,
      attack: (random) => {
        const place = { hostname, port: Number(port) };
        return random.next() < 0.6
          ? sendRequest(anyRequest(random), place)
          : sendBytes(anyBytes(random), place);
      },
    };
  },
};

interface Place {
  readonly hostname: string;
  readonly port: number;
}

interface BadRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const paths = [
  '/v1/sessions',
  '/v1/sessions',
  '/v1/sessions',
  '/v1/sessions/x/events',
  '/v1/registry',
  '/v1/connect',
  '/healthz',
  '/readyz',
  '/metrics',
  '/v1/sessions/%00/events',
  '/v1/sessions/%ZZ/events',
  '/v1/sessions?access_token=a&access_token=b',
  '//',
  '/..%2f..%2f',
];
const methods = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'];
const headerValues: Readonly<Record<string, readonly string[]>> = {
  'content-type': ['application/json', 'text/plain', 'application/json; charset=latin1', 'x', ''],
  origin: ['http://localhost:3000', 'https://evil.example', 'null', ''],
  accept: ['text/event-stream', 'application/json', '*/*', ''],
  authorization: ['Bearer', 'Bearer ', 'Bearer x', 'Basic eA==', ''],
  host: ['localhost', '[', 'a b', '', 'x'.repeat(300), 'host:99999', 'http://[::1', '%', '@'],
  'x-voicebus-app-key': ['x', 'x'.repeat(1_000), ''],
  'content-encoding': ['gzip', 'x'],
  'access-control-request-method': ['POST', 'x'],
  expect: ['100-continue', 'x'],
  connection: ['upgrade', 'close', 'keep-alive, upgrade'],
  upgrade: ['websocket', 'h2c', 'x'],
  'sec-websocket-key': ['dGhlIHNhbXBsZSBub25jZQ==', 'x', ''],
  'sec-websocket-version': ['13', '0', 'x'],
};

function anyRequest(random: SeededRandom): BadRequest {
  const headers: Record<string, string> =
    random.next() < 0.5 ? { 'content-type': 'application/json' } : {};
  for (let count = random.between(0, 5); count > 0; count -= 1) {
    const name = random.pick(Object.keys(headerValues));
    headers[name] = random.pick(headerValues[name] ?? ['']);
  }
  const text =
    random.next() < 0.5
      ? JSON.stringify(mutated({ audio: false }, random))
      : JSON.stringify(anyJson(random));
  const body =
    random.next() < 0.2 ? mutatedBytes(Buffer.from(text ?? ''), random) : Buffer.from(text ?? '');
  const path =
    random.next() < 0.7 ? random.pick(paths) : `/${encodeURI(anyText(random).toWellFormed())}`;
  const method = random.next() < 0.3 ? 'POST' : random.pick(methods);
  return { method, path, headers, body };
}

/** An answer within the deadline, and a clear one: never 500, and our error body on the session paths. */
function sendRequest({ method, path, headers, body }: BadRequest, place: Place): Promise<string> {
  const answered = Promise.withResolvers<string>();
  const sent = request({ ...place, method, path, headers, agent: false, timeout: 5_000 });
  sent.on('response', (response) => {
    const status = response.statusCode ?? 0;
    const isStream = response.headers['content-type']?.startsWith('text/event-stream');
    const chunks: Buffer[] = [];
    const done = (): void => {
      sent.destroy();
      const text = Buffer.concat(chunks).toString();
      const problem = isStream ? null : unclear({ status, method, text });
      if (problem === null) answered.resolve(isStream ? 'stream' : `answer ${status}`);
      else answered.reject(new Error(`${method} ${path} ${JSON.stringify(headers)}: ${problem}`));
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (isStream) done();
    });
    response.on('end', done);
    response.on('error', () => answered.resolve('cut off'));
  });
  sent.on('upgrade', (_response, socket) => {
    socket.destroy();
    answered.resolve('upgraded');
  });
  sent.on('timeout', () => {
    sent.destroy();
    answered.reject(new Error(`no answer to ${method} ${path} ${JSON.stringify(headers)}`));
  });
  sent.on('error', () => answered.resolve('closed'));
  sent.end(['GET', 'HEAD'].includes(method) ? undefined : body);
  return answered.promise;
}

function unclear(answer: { status: number; method: string; text: string }): string | null {
  const { status, method, text } = answer;
  if (status === 500) return `500 ${text}`;
  if (status < 400 || method === 'HEAD' || text === '') return null;
  try {
    const body: unknown = JSON.parse(text);
    // Node and Fastify refuse by themselves what is no HTTP.
    return errorResponseSchema.safeParse(body).success || status === 400
      ? null
      : `${status} ${text}`;
  } catch {
    return [400, 405, 426].includes(status) ? null : `${status} ${text}`;
  }
}

function anyBytes(random: SeededRandom): Buffer {
  const isUpgrade = random.next() < 0.5;
  const target = random.pick([
    ...paths,
    '//[',
    'http://',
    '*',
    '/v1/connect?x=%',
    '//a:b@c:d/',
    '\\',
  ]);
  const lines = [
    `${random.pick([...methods, 'CONNECT', 'PRI', 'get'])} ${isUpgrade && random.next() < 0.5 ? '/v1/connect' : target} HTTP/1.1`,
    `Host: ${random.pick(headerValues['host'] ?? [''])}`,
    ...(isUpgrade
      ? [
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ]
      : [
          'Content-Type: application/json',
          `Content-Length: ${random.pick([0, 5, 17, 1e9, -1, 'x'])}`,
        ]),
    ...(random.next() < 0.2 ? ['Transfer-Encoding: chunked'] : []),
    '',
    random.next() < 0.5 ? '{"audio":false}' : anyText(random),
  ];
  const bytes = Buffer.from(lines.join('\r\n'));
  return random.next() < 0.5 ? mutatedBytes(bytes, random) : bytes;
}

/** What is left of a request that is no HTTP is that the server stays up; the caller closes after a while. */
function sendBytes(bytes: Buffer, { hostname, port }: Place): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, hostname, () => socket.write(bytes));
    let text = '';
    socket.setTimeout(60, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      // Half of all talkers vanish in the middle of an answer.
      if (bytes.length % 2 === 0) socket.resetAndDestroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
      resolve(status === undefined ? 'bytes, no answer' : `bytes ${status}`);
    });
  });
}
