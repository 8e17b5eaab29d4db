export { circuitReport } from './circuit-report.ts';
export { HealthServer, type HealthServerOptions } from './health-server.ts';
export { createLogger, type Logger } from './logger.ts';
export { openBus } from './open-bus.ts';
export { openLanguageModel } from './open-language-model.ts';
export { createRunnerMetrics } from './runner-metrics.ts';
export { runService, type Service } from './run-service.ts';
