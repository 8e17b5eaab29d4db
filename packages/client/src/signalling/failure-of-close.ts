import { closeCodes } from '@voicebus/protocol';
import { CallError, type FailureReason } from '../failure.ts';

const reasons: Readonly<Record<number, FailureReason>> = {
  [closeCodes.badMessage]: 'protocol-error',
  [closeCodes.badToken]: 'token-refused',
  [closeCodes.foreignOrigin]: 'origin-refused',
  [closeCodes.sessionGone]: 'session-gone',
  [closeCodes.helloTimeout]: 'timed-out',
  [closeCodes.replaced]: 'replaced',
  [closeCodes.tooFast]: 'protocol-error',
  [closeCodes.shuttingDown]: 'shutting-down',
};

/** Any other code is a broken line: 1006 when the server vanished, 1001 when it went away. */
export function failureOfClose(code: number, reason: string): CallError {
  return new CallError(reasons[code] ?? 'connection-lost', reason || `Signalling closed (${code})`);
}

/** Codes of the server's `error` and `failure` messages that have words of their own on the page. */
export function failureOfCode(code: string, otherwise: FailureReason): FailureReason {
  const known: Readonly<Record<string, FailureReason>> = {
    'bad-token': 'token-refused',
    'foreign-origin': 'origin-refused',
    'session-gone': 'session-gone',
    'no-agent': 'no-agent',
    'shutting-down': 'shutting-down',
    'version-mismatch': 'version-mismatch',
    busy: 'all-lines-busy',
  };
  return known[code] ?? otherwise;
}

/** After these the same session may be asked for again. */
export function mayResume(failure: CallError): boolean {
  return (
    failure.code === 'connection-lost' ||
    failure.code === 'timed-out' ||
    failure.code === 'unreachable' ||
    failure.code === 'shutting-down'
  );
}
