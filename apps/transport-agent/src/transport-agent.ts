import { greeter, support } from '@voicebus/agents/definitions';
import type { TransportAgentConfig } from '@voicebus/config';
import { systemClock, WorkerRunner, type Bus, type LanguageModel } from '@voicebus/core';
import {
  createLogger,
  openBus,
  openTracing,
  problemLog,
  ProviderMetrics,
  reportTo,
  type Report,
  type Tracing,
} from '@voicebus/service';
import { MediasoupHost, Pacer } from '@voicebus/transport-mediasoup';
import type { FastifyInstance } from 'fastify';
import { hostname } from 'node:os';
import { createHttpServer } from './http/http-server.ts';
import { ChannelView } from './observation/channel-view.ts';
import { createMetrics } from './observation/metrics.ts';
import { watchOwnCalls } from './observation/own-calls.ts';
import { createProviders } from './providers/providers.ts';
import { CallSession } from './sessions/call-session.ts';
import { SessionDirectory } from './sessions/session-directory.ts';
import { PageConnection } from './signalling/page-connection.ts';
import { SignallingServer } from './signalling/signalling-server.ts';
import { SessionTokens } from './tokens/session-tokens.ts';

export interface TransportAgent {
  /** The port it listens on: the configured one, or the one the system gave. */
  readonly port: number;
  /** No new calls; resolves when the live ones are over, or their time is. */
  readonly drain: () => Promise<void>;
  /** Ends the calls politely and lets go of everything. Idempotent. */
  readonly close: () => Promise<void>;
}

/** Starts everything that one transport agent is made of; what fails on the way is taken down again. */
export async function startTransportAgent(config: TransportAgentConfig): Promise<TransportAgent> {
  const logger = createLogger({ level: config.logLevel, service: 'transport-agent' });
  await using parts = new AsyncDisposableStack();
  const clock = systemClock;
  const report = problemLog(logger);
  const tracing = config.tracing
    ? parts.use(await openTracing(config.tracing, 'voicebus-transport-agent'))
    : null;
  const providerMetrics = new ProviderMetrics();
  providerMetrics.onConnected = tracing?.connected;
  const providers = parts.use(await createProviders(config, reportTo(logger), providerMetrics));
  const media = await MediasoupHost.start({
    workers: config.mediasoup.workers,
    port: config.mediasoup.port,
    listenIp: config.mediasoup.listenIp,
    ...(config.mediasoup.announcedIp === null ? {} : { announcedIp: config.mediasoup.announcedIp }),
    ...(config.mediasoup.workerBin === null ? {} : { workerBin: config.mediasoup.workerBin }),
    ...(config.plainRtp === null ? {} : { plainRtp: config.plainRtp }),
    onWorkerDied: (index, error) => {
      // Ctrl-C in a terminal is told to the worker, too: that is no fault.
      const level = runner.state === 'ready' ? 'error' : 'info';
      logger[level]({ index, err: error }, 'a mediasoup worker died and is replaced');
    },
    onSendingBroken: (error) => report('the sending thread broke and is replaced', error),
  });
  parts.defer(() => media.close());

  const bus = await openBus(config.bus, report);
  const runner = new WorkerRunner({
    bus,
    clock,
    name: config.runnerName ?? `transport-${config.port}@${hostname()}`,
    role: 'transport-agent',
    capacity: config.maxSessions,
    onEndSession: (sessionId) => directory.endByOperator(sessionId),
    onProblem: report,
  });
  parts.defer(() => runner.cancel('shutting down'));
  await runner.start();
  if (providers.llm) parts.use(await hostAgents({ bus, llm: providers.llm, config, report }));

  const tokens = new SessionTokens(config.secret, clock);
  const pacer = new Pacer(clock, (thrown) => report('a packet was not sent', thrown));
  const directory: SessionDirectory = new SessionDirectory({
    clock,
    tokens,
    maxSessions: config.maxSessions,
    takesCalls: () => runner.state === 'ready',
    open: ({ sessionId, audio, onEnded }) =>
      new CallSession({
        runner,
        providers,
        pacer,
        media,
        logger,
        sessionId,
        audio,
        onEnded,
        firstAgent: greeter.name,
        longestCallMs: config.longestCallMs,
        turns: {
          preparesAnswers: config.preparesAnswers,
          ...(config.endpointMs === null ? {} : evenEndpoint(config.endpointMs)),
        },
      }),
  });
  const view = new ChannelView(runner);
  view.start();
  parts.defer(() => view.stop());
  if (tracing) parts.use(await traceOwnCalls(runner, tracing));
  const metrics = createMetrics({ runner, directory, sending: media.sending });
  providerMetrics.registerIn(metrics);
  providerMetrics.onTiming = (sessionId, timing) => directory.tell(sessionId, timing);
  providerMetrics.onSound = (sessionId, sound) => directory.sounded(sessionId, sound);
  const server = await createHttpServer({
    config,
    directory,
    view,
    runner,
    metrics,
    logger,
    isReady: () =>
      runner.state === 'ready' && runner.registry.has(greeter.name) && media.pids.length > 0,
  });
  const signalling = new SignallingServer({
    server: server.server,
    rules: config,
    clock,
    onSocket: (socket) =>
      new PageConnection({
        socket,
        directory,
        tokens,
        clock,
        logger,
        iceServers: config.iceServers,
      }),
  });
  parts.defer(() => server.close());
  parts.defer(() => signalling.close());
  parts.defer(() => directory.close('shutting-down'));
  await server.listen({ port: config.port, host: config.host });
  const port = portOf(server);
  logger.info({ port, providers: config.providers }, 'ready for calls');
  const owned = parts.move();
  return {
    port,
    drain: () => {
      runner.drain({ forGood: true });
      return directory.drain(config.drainSeconds * 1000);
    },
    close: () => owned.disposeAsync(),
  };
}

async function traceOwnCalls(runner: WorkerRunner, { tracer }: Tracing): Promise<Disposable> {
  const { CallTracer } = await import('./observation/call-tracer.ts');
  const calls = new CallTracer(tracer);
  const stop = watchOwnCalls(runner, (event) => calls.take(event));
  return {
    [Symbol.dispose]() {
      stop();
      calls.close();
    },
  };
}

interface HostedAgents {
  readonly bus: Bus;
  readonly llm: LanguageModel;
  readonly config: TransportAgentConfig;
  readonly report: Report;
}

/** Without a bus between processes the agents live in this one, through the bus like anywhere else. */
async function hostAgents({ bus, llm, config, report }: HostedAgents): Promise<WorkerRunner> {
  const agents = new WorkerRunner({
    bus,
    name: `agents@${hostname()}`,
    role: 'agents',
    capacity: config.maxSessions,
    onProblem: report,
  });
  agents.serve(greeter, { llm }).serve(support, { llm });
  await agents.start();
  return agents;
}

function evenEndpoint(endpointMs: number) {
  return {
    endpointMs,
    endpointCompleteMs: endpointMs,
    endpointUnfinishedMs: endpointMs,
    endpointJudgedMs: endpointMs,
  };
}

function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
