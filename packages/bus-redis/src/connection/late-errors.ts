import type { Redis } from 'ioredis';

/**
 * ioredis hears the first error of a socket only, and a TLS socket can have two: a certificate that we
 * refused, and the server's alert about how we left. Nobody hears the second, and that ends a process.
 */
export function hearLateErrors(redis: Redis): void {
  redis.on('error', () => {
    const { stream } = redis;
    // The listener of the first error was for one error only.
    if (stream && stream.listenerCount('error') === 0) stream.on('error', () => {});
  });
}
