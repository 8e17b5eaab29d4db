import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * One JSON line per entry. What people say is carried under keys that are cut here, so that a transcript
 * never ends up in a log by accident.
 */
export function createLogger(options: {
  readonly level: string;
  readonly service: string;
}): Logger {
  return pino({
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['text', 'content', 'transcript', '*.text', '*.content', '*.transcript'],
      censor: '[personal]',
    },
  });
}
