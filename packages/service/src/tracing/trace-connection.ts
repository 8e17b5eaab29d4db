import { ROOT_CONTEXT, SpanKind, type Tracer } from '@opentelemetry/api';
import type { ProviderConnection } from '../providers/provider-metrics.ts';

/** The span of a connection that stands now, and took so long. */
export function traceConnection(tracer: Tracer, { part, provider, ms }: ProviderConnection): void {
  const nowMs = Date.now();
  const attributes = {
    'voicebus.part': part,
    [part === 'llm' ? 'gen_ai.provider.name' : 'voicebus.provider']: provider,
  };
  tracer
    .startSpan(
      `connect ${provider}`,
      { kind: SpanKind.CLIENT, startTime: nowMs - ms, attributes },
      ROOT_CONTEXT,
    )
    .end(nowMs);
}
