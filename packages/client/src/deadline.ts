import { CallError, type FailureReason } from './failure.ts';

/**
 * Gives a promise that something else must settle a deadline, so that nothing waits for ever. The late
 * result, if it comes, is ignored.
 */
export function withDeadline<Value>(
  promise: Promise<Value>,
  options: { readonly ms: number; readonly what: string; readonly code?: FailureReason },
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `${options.what} took longer than ${options.ms} ms`;
      reject(new CallError(options.code ?? 'timed-out', message));
    }, options.ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
