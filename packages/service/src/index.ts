export { circuitReport } from './circuit-report.ts';
export { HealthServer, type HealthServerOptions } from './health-server.ts';
export { createLogger, type Logger } from './logger.ts';
export { openBus } from './open-bus.ts';
export { openLanguageModel } from './open-language-model.ts';
export { problemLog } from './problem-log.ts';
export { measuredSpeechToText } from './providers/measured-speech-to-text.ts';
export { measuredTextToSpeech } from './providers/measured-text-to-speech.ts';
export { noMeter, type ProviderMeter } from './providers/provider-meter.ts';
export {
  ProviderMetrics,
  type ProviderSound,
  type ProviderTiming,
} from './providers/provider-metrics.ts';
export { reportTo, type Report } from './report.ts';
export { runService, type Service } from './run-service.ts';
export { createRunnerMetrics } from './runner-metrics.ts';
export { openTracing, type Tracing } from './tracing/open-tracing.ts';
