/** The JSON object in a text; empty when there is none. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // A tool may answer with plain text.
  }
  return {};
}
