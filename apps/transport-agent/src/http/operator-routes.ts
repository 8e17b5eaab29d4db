import type { WorkerRunner } from '@voicebus/core';
import type { RunnerRecord } from '@voicebus/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export interface OperatorRoutesOptions {
  readonly runner: WorkerRunner;
  /** True when it has answered: this request may not control. */
  readonly refuses: (request: FastifyRequest, reply: FastifyReply) => boolean;
  readonly fail: (
    reply: FastifyReply,
    what: { status: number; code: string; message: string },
  ) => FastifyReply;
}

/**
 * What people who look after the channel may do, on any runner of it, whichever transport agent they ask.
 * The answer says that it was asked for; that it was done shows in the registry and in the session's events.
 */
export function routeOperators(server: FastifyInstance, options: OperatorRoutesOptions): void {
  const { runner, refuses, fail } = options;
  for (const action of ['drain', 'undrain'] as const) {
    server.post<{ Params: { id: string } }>(`/v1/runners/:id/${action}`, async (request, reply) => {
      if (refuses(request, reply)) return reply;
      const { id } = request.params;
      if (!runner.registry.runners.some(({ incarnation }) => incarnation === id))
        return fail(reply, noSuchRunner);
      runner.operate(id, { action });
      return reply.code(202).send({ asked: action });
    });
  }
  server.post<{ Params: { id: string } }>('/v1/sessions/:id/end', async (request, reply) => {
    if (refuses(request, reply)) return reply;
    const sessionId = request.params.id;
    const owner = runner.registry.runners.find((record) => owns(record, sessionId));
    if (!owner) return fail(reply, noSuchSession);
    runner.operate(owner.incarnation, { action: 'end-session', sessionId });
    return reply.code(202).send({ asked: 'end' });
  });
}

const noSuchRunner = {
  status: 404,
  code: 'no-such-runner',
  message: 'No such runner is alive on this channel.',
};
const noSuchSession = {
  status: 404,
  code: 'no-such-session',
  message: 'No live session of this id is known on this channel.',
};

/** The main worker of a session lives where its owner does. */
function owns({ workers }: RunnerRecord, sessionId: string): boolean {
  return workers.some((worker) => worker.name === 'main' && worker.sessionId === sessionId);
}
