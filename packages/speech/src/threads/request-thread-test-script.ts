import { serveRequests } from './serve-requests.ts';

/** What the tests ask of a thread. */
serveRequests((body: string) => {
  if (body === 'throw') throw new Error('asked to');
  if (body === 'exit') process.exit(3);
  if (body === 'hang') for (;;);
  return body;
});
