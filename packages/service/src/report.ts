import type { Logger } from './logger.ts';

/** One line for whoever runs this process, with what was thrown. */
export type Report = (what: string, thrown?: unknown) => void;

/**
 * Logs every line, as a warning: for whoever says a thing once, and then that it is over, such as a provider
 * that is gone and back. What may come with every packet goes through `problemLog`.
 */
export function reportTo(logger: Pick<Logger, 'warn'>): Report {
  return (what, thrown) => logger.warn({ err: thrown }, what);
}
