import { hostname } from 'node:os';
import type { AgentConfig } from '@voicebus/config';
import { WorkerRunner, type Agent } from '@voicebus/core';
import {
  createLogger,
  createRunnerMetrics,
  HealthServer,
  openBus,
  openLanguageModel,
  openTracing,
  problemLog,
  ProviderMetrics,
  reportTo,
  type Service,
} from '@voicebus/service';

/** Serves these roles to every transport agent on the channel. Rejects where the bus cannot be reached. */
export async function startAgentService(
  roles: readonly Agent[],
  config: AgentConfig,
): Promise<Service & { readonly healthPort: number; readonly runner: WorkerRunner }> {
  const role = roles.map(({ name }) => name).join('+');
  const logger = createLogger({ level: config.logLevel, service: role });
  const report = problemLog(logger);
  await using parts = new AsyncDisposableStack();
  const providerMetrics = new ProviderMetrics();
  const tracing = config.tracing
    ? parts.use(await openTracing(config.tracing, `voicebus-${role}`))
    : null;
  providerMetrics.onConnected = tracing?.connected;
  let onSessionGone = (): void => {};
  const llm = parts.use(await openLanguageModel(config.llm, reportTo(logger), providerMetrics));
  const runner = new WorkerRunner({
    bus: await openBus(config.bus, report),
    name: config.runnerName ?? `${role}-${process.pid}@${hostname()}`,
    role,
    capacity: config.capacity,
    onSessionGone: () => onSessionGone(),
    onProblem: report,
  });
  for (const agent of roles) runner.serve(agent, { llm });
  parts.defer(() => runner.cancel('shutting down'));
  await runner.start();
  const metrics = createRunnerMetrics(runner, () => runner.sessions);
  providerMetrics.registerIn(metrics);
  const health = await HealthServer.start({
    ...config.health,
    metrics,
    isReady: () => runner.state === 'ready' || runner.state === 'busy',
    sessions: () => runner.sessions,
  });
  parts.defer(() => health.close());
  logger.info(
    { runner: runner.name, healthPort: health.port, channel: config.bus.channel, llm: config.llm },
    'ready for sessions',
  );
  const owned = parts.move();
  return {
    runner,
    healthPort: health.port,
    drain: () =>
      drain(runner, config.drainSeconds * 1000, (listener) => (onSessionGone = listener)),
    close: () => owned.disposeAsync(),
  };
}

/** No new sessions; those that are here end, or are handed on, within this time. */
async function drain(
  runner: WorkerRunner,
  withinMs: number,
  onSessionGone: (listener: () => void) => void,
): Promise<void> {
  runner.drain({ forGood: true });
  const drained = Promise.withResolvers<void>();
  const look = (): void => {
    if (runner.sessions === 0) drained.resolve();
  };
  onSessionGone(look);
  look();
  const cancel = runner.clock.after(withinMs, drained.resolve);
  await drained.promise.finally(cancel);
}
