/**
 * A service's log line as a person reads it. Services write one JSON object per
 * line for machines; whatever else a program prints stays as it is.
 */
export function readableLine(line) {
  if (!line.startsWith('{')) return line;
  const entry = parse(line);
  const message = entry?.message ?? entry?.msg;
  if (typeof message !== 'string') return line;
  const { level, message: _message, msg: _msg, time: _time, timestamp: _at, ...fields } = entry;
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const isNotable = typeof level === 'string' && !['info', 'debug', 'trace'].includes(level);
  return [...(isNotable ? [level.toUpperCase()] : []), message, ...details].join(' ');
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
