import { z } from 'zod';

/** 0 asks the system for a free one: tests do. */
export const port = (fallback: number) =>
  z.coerce.number().int().min(0).max(65_535).default(fallback);

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `is not one of: ${values.join(', ')}` });

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

export const logLevel = oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default(
  'info',
);
