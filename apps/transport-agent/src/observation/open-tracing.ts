import type { TracingConfig } from '@voicebus/config';
import type { CallTracer } from './call-tracer.ts';

export interface Tracing extends AsyncDisposable {
  readonly tracer: CallTracer;
}

/** What waits longer to be taken is lost: a collector that is away must not keep a process. */
const exportTimeoutMs = 5_000;

/** Sends spans of calls to a collector (OTLP over HTTP); nothing of it is loaded without one. */
export async function openTracing({ url, headers }: TracingConfig): Promise<Tracing> {
  const [
    { TracerProvider, BatchSpanProcessor },
    { OTLPTraceExporter },
    { resourceFromAttributes },
    { CallTracer: Tracer },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
    import('./call-tracer.ts'),
  ]);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'voicebus-transport-agent' }),
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
  const tracer = new Tracer(provider.getTracer('voicebus'));
  return {
    tracer,
    async [Symbol.asyncDispose]() {
      tracer.close();
      await provider.shutdown().catch(() => {});
    },
  };
}
