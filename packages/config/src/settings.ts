import { z } from 'zod';

/** 0 asks the system for a free one: tests do. */
export const port = (fallback: number) =>
  z.coerce.number().int().min(0).max(65_535).default(fallback);

/** Where a service is, without the slash that some write at the end. */
export const serviceUrl = (protocol = /^https?$/) =>
  z.url({ protocol, error: 'is no http(s) address' }).transform((url) => url.replace(/\/+$/, ''));

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

/** Names in order of preference, "first,second"; each at most once. */
export const listOf = <const Name extends string>(names: readonly Name[]) =>
  list.transform((entries, context): readonly Name[] => {
    const isKnown = (entry: string): entry is Name => names.some((name) => name === entry);
    const known = entries.filter(isKnown);
    const message =
      known.length < entries.length
        ? `is not one of: ${names.join(', ')} (or several of them, "first,second")`
        : known.length === 0
          ? `is empty: name one of ${names.join(', ')}`
          : new Set(known).size < known.length
            ? 'names something twice'
            : null;
    if (message === null) return known;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
