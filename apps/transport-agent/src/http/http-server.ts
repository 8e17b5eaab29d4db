import cors from '@fastify/cors';
import type { TransportAgentConfig } from '@voicebus/config';
import { asVoicebusError, VoicebusError, type WorkerRunner } from '@voicebus/core';
import {
  createSessionRequestSchema,
  type CreateSessionResponse,
  type SessionEvent,
} from '@voicebus/protocol';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Logger } from '@voicebus/service';
import type { ChannelView } from '../observation/channel-view.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import { mayCall, mayObserve, type AccessRequest, type Refusal } from './access.ts';
import { routeOperators } from './operator-routes.ts';
import { sendEvents, wantsEvents } from './server-sent-events.ts';

export interface HttpServerOptions {
  readonly config: TransportAgentConfig;
  readonly directory: SessionDirectory;
  readonly view: ChannelView;
  readonly runner: WorkerRunner;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Everything that a call needs is there. */
  readonly isReady: () => boolean;
}

const unknownSession = {
  status: 404,
  code: 'no-such-session',
  message: 'Nothing is known of this session, or not any more.',
};
/** The requests are a few bytes; nothing here takes an upload. */
const bodyBytes = 16 * 1024;
/** What a caller is told when all lines are busy: the median call is longer, but somebody ends every few seconds. */
const retryAfterSeconds = 10;

export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { config } = options;
  const server = fastify({
    bodyLimit: bodyBytes,
    requestTimeout: 10_000,
    forceCloseConnections: true,
  });
  await server.register(cors, {
    origin: [...config.allowedOrigins],
    methods: ['GET', 'POST'],
    maxAge: 600,
  });
  server.setErrorHandler((error, _request, reply) => sendError(reply, error, options.logger));
  server.setNotFoundHandler((_request, reply) =>
    fail(reply, { status: 404, code: 'not-found', message: 'There is nothing at this address.' }),
  );
  routeCalls(server, options);
  routeObservation(server, options);
  routeOperators(server, {
    runner: options.runner,
    refuses: (request, reply) => refuse(reply, mayObserve(accessOf(request), config)),
    fail,
  });
  routeHealth(server, options);
  return server;
}

function routeCalls(server: FastifyInstance, { config, directory }: HttpServerOptions): void {
  server.post('/v1/sessions', async (request, reply) => {
    if (refuse(reply, mayCall(accessOf(request), config))) return reply;
    const body = createSessionRequestSchema.safeParse(request.body ?? {});
    if (!body.success)
      return fail(reply, {
        status: 400,
        code: 'bad-request',
        message: 'The body is no session request.',
      });
    const called = config.publicUrl ?? `http://${request.host}`;
    if (!URL.canParse(called))
      return fail(reply, {
        status: 400,
        code: 'bad-request',
        message: 'The Host header is no address.',
      });
    const { sessionId, joinToken } = await directory.reserve(body.data.audio);
    const base = new URL(called);
    base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
    base.pathname = '/v1/connect';
    return reply
      .code(201)
      .send({ sessionId, joinToken, connectUrl: base.href } satisfies CreateSessionResponse);
  });
}

function routeObservation(server: FastifyInstance, { config, view }: HttpServerOptions): void {
  server.get('/v1/registry', async (request, reply) => {
    if (refuse(reply, mayObserve(accessOf(request), config))) return reply;
    if (!wantsEvents(request)) return view.registry();
    const snapshot = view.registry();
    sendEvents({
      request,
      reply,
      snapshot,
      subscribe: (send) => view.onRegistry((delta) => send('delta', delta)),
    });
    return reply;
  });
  server.get('/v1/sessions', async (request, reply) => {
    if (refuse(reply, mayObserve(accessOf(request), config))) return reply;
    if (!wantsEvents(request)) return view.sessions();
    const snapshot = view.sessions();
    sendEvents({
      request,
      reply,
      snapshot,
      subscribe: (send) => view.onSessions((delta) => send('delta', delta)),
    });
    return reply;
  });
  server.get<{ Params: { id: string } }>('/v1/sessions/:id/events', async (request, reply) => {
    if (refuse(reply, mayObserve(accessOf(request), config))) return reply;
    const { id } = request.params;
    if (wantsEvents(request)) return followEvents(id, { request, reply, view });
    const snapshot = await view.events(id);
    return snapshot ?? fail(reply, unknownSession);
  });
}

/** What happens while the snapshot is read comes after it: no gap, and nothing twice. */
async function followEvents(
  id: string,
  { request, reply, view }: { request: FastifyRequest; reply: FastifyReply; view: ChannelView },
): Promise<FastifyReply> {
  const early: SessionEvent[] = [];
  let take = (event: SessionEvent): unknown => early.push(event);
  const unsubscribe = view.onEvents(id, (event) => take(event));
  const snapshot = await view.events(id);
  if (!snapshot) {
    unsubscribe();
    return fail(reply, unknownSession);
  }
  sendEvents({
    request,
    reply,
    snapshot,
    subscribe: (send) => {
      take = (event) => send('event', event);
      for (const event of early) if (event.sequence > snapshot.sequence) take(event);
      return unsubscribe;
    },
  });
  return reply;
}

function routeHealth(
  server: FastifyInstance,
  { metrics, isReady, directory }: HttpServerOptions,
): void {
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    const ready = isReady() && !directory.isDraining;
    return reply.code(ready ? 200 : 503).send({ ready, sessions: directory.size });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

/** An event stream in a browser can send no header. */
const querySchema = z.object({ access_token: z.string().optional().catch(undefined) });

function accessOf(request: FastifyRequest): AccessRequest {
  const { authorization, origin } = request.headers;
  const query = querySchema.parse(request.query);
  const appKey = request.headers['x-voicebus-app-key'];
  return {
    origin,
    address: request.socket.remoteAddress ?? '',
    token: authorization?.startsWith('Bearer ') ? authorization.slice(7) : query.access_token,
    appKey: typeof appKey === 'string' ? appKey : undefined,
  };
}

function refuse(reply: FastifyReply, refusal: Refusal): boolean {
  if (refusal) fail(reply, refusal);
  return refusal !== null;
}

function fail(
  reply: FastifyReply,
  { status, code, message }: { status: number; code: string; message: string },
): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

function sendError(reply: FastifyReply, thrown: unknown, logger: Logger): FastifyReply {
  const status = statusOf(thrown);
  if (status < 500 && thrown instanceof Error)
    return fail(reply, { status, code: 'bad-request', message: thrown.message });
  const error =
    thrown instanceof VoicebusError
      ? thrown
      : asVoicebusError(thrown, 'worker-failed', 'Something failed');
  if (error.code === 'queue-full' || error.code === 'closed') {
    const { code, message } = error;
    return fail(reply.header('retry-after', retryAfterSeconds), { status: 503, code, message });
  }
  logger.error({ err: thrown }, 'a request failed');
  return fail(reply, {
    status: 500,
    code: 'failed',
    message: 'Something failed here; the log says what.',
  });
}

/** What Fastify itself refuses carries a status of its own. */
function statusOf(thrown: unknown): number {
  const hasStatus = typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown;
  return hasStatus && typeof thrown.statusCode === 'number' ? thrown.statusCode : 500;
}
