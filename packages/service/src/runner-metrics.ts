import type { WorkerRunner } from '@voicebus/core';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What every process of ours gives to Prometheus: itself, its sessions, its bus. Never what was said. */
export function createRunnerMetrics(runner: WorkerRunner, sessions: () => number): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'voicebus_sessions',
    help: 'Calls that are live in this process.',
    registers,
    collect() {
      this.set(sessions());
    },
  });
  for (const what of ['sent', 'received', 'dropped', 'refused'] as const) {
    new Gauge({
      name: `voicebus_bus_messages_${what}`,
      help: `Bus messages ${what} since the start.`,
      registers,
      collect() {
        this.set(runner.bus.counters[what]);
      },
    });
  }
  new Gauge({
    name: 'voicebus_bus_pauses',
    help: 'Times since the start that an answer waited because its receiver did not follow.',
    registers,
    collect() {
      this.set(runner.bus.counters.paused);
    },
  });
  return registry;
}
