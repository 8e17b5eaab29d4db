import type { Tracer } from '@opentelemetry/api';
import type { TracingConfig } from '@voicebus/config';
import type { ProviderConnection } from '../providers/provider-metrics.ts';

export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer;
  /** A connection stands that many calls will share: a trace of its own, since it belongs to none of theirs. */
  readonly connected: (connection: ProviderConnection) => void;
}

/** What waits longer to be taken is lost: a collector that is away must not keep a process. */
const exportTimeoutMs = 5_000;

/**
 * Sends spans to a collector (OTLP over HTTP); nothing of it is loaded without one. `service`: the name of
 * this process in its traces, "voicebus-transport-agent".
 */
export async function openTracing(
  { url, headers }: TracingConfig,
  service: string,
): Promise<Tracing> {
  const [
    { TracerProvider, BatchSpanProcessor },
    { OTLPTraceExporter },
    { resourceFromAttributes },
    { traceConnection },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
    import('./trace-connection.ts'),
  ]);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url,
          headers: { ...headers },
          timeoutMillis: exportTimeoutMs,
        }),
        maxQueueSize: 8_192,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer('voicebus');
  return {
    tracer,
    connected: (connection) => traceConnection(tracer, connection),
    async [Symbol.asyncDispose]() {
      await provider.shutdown().catch(() => {});
    },
  };
}
