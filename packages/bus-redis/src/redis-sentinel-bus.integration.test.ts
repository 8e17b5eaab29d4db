import { numbers, Peer, RedisSentinel } from '@voicebus/testing/bus-conformance';
import { expect, it } from 'vitest';
import { RedisBus } from './redis-bus.ts';

it('loses and repeats nothing when the primary dies and Sentinel makes its replica the primary', async () => {
  await using redis = await RedisSentinel.start();
  const connect = (): RedisBus => new RedisBus({ redis: redis.url });
  await using one = await Peer.join(connect());
  await using two = await Peer.join(connect());
  let count = 0;
  const next = (): void => {
    one.say(two, `${count}`);
    one.call(two, `${count}`);
    count += 1;
  };
  const timer = setInterval(next, 10);
  await two.seen.until((seen) => seen.length >= 20, 'traffic');
  await redis.primary.kill();
  // How soon is Sentinel's own: where its clock was late it waits for half a minute before it decides.
  for (const peer of [one, two])
    await peer.links.until(
      (links) => links.includes(false) && links.at(-1) === true,
      'the new primary',
      60_000,
    );
  clearInterval(timer);
  next();
  await two.seen.until((seen) => seen.length >= 2 * count, 'everything', 30_000);
  expect(two.said).toEqual(numbers(count));
  expect(two.called).toEqual(numbers(count));
}, 120_000);
