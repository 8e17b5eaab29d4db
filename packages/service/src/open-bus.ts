import type { BusConfig } from '@voicebus/config';
import { LocalBus, type Bus } from '@voicebus/core';

/** The bus that the settings name; nothing of the others is loaded. It connects when somebody joins. */
export async function openBus(
  { kind, channel, redisUrl }: BusConfig,
  onProblem: (what: string, thrown: unknown) => void,
): Promise<Bus> {
  if (kind === 'local') return new LocalBus({ channel });
  const { RedisBus } = await import('@voicebus/bus-redis');
  return new RedisBus({ redis: redisUrl, channel, onProblem });
}
