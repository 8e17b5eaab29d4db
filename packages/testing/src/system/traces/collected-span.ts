import { protobufFields } from './protobuf-fields.ts';

type Value = string | number | boolean | null;
export type SpanAttributes = Readonly<Record<string, Value>>;

/** A span as a collector sees it. */
export interface CollectedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it begins its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly durationMs: number;
  readonly attributes: SpanAttributes;
  readonly events: readonly { readonly name: string; readonly attributes: SpanAttributes }[];
}

/**
 * The spans of an export request in OTLP's binary form. Numbers of fields:
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function collectedSpans(request: Buffer): CollectedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1).map((each) => attributesIn(each, 1))[0];
    const service = String(resource?.['service.name'] ?? '');
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => collectedSpan(span, service));
  });
}

function collectedSpan(span: Buffer, service: string): CollectedSpan {
  const hex = (number: number): string => messages(span, number)[0]?.toString('hex') ?? '';
  const nanoseconds = (number: number): bigint =>
    messages(span, number)[0]?.readBigUInt64LE() ?? 0n;
  return {
    service,
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: textIn(span, 5),
    durationMs: Number(nanoseconds(8) - nanoseconds(7)) / 1e6,
    attributes: attributesIn(span, 9),
    events: messages(span, 11).map((event) => ({
      name: textIn(event, 2),
      attributes: attributesIn(event, 3),
    })),
  };
}

function messages(message: Buffer, number: number): Buffer[] {
  return protobufFields(message).flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
  );
}

function textIn(message: Buffer, number: number): string {
  return messages(message, number)[0]?.toString('utf8') ?? '';
}

function attributesIn(message: Buffer, number: number): SpanAttributes {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const value = messages(pair, 2)[0];
      return [textIn(pair, 1), value ? valueOf(value) : null];
    }),
  );
}

function valueOf(anyValue: Buffer): Value {
  const [field] = protobufFields(anyValue);
  const { number = 0, value = 0n } = field ?? {};
  if (Buffer.isBuffer(value)) {
    if (number === 1) return value.toString('utf8');
    return number === 4 ? value.readDoubleLE() : null;
  }
  return number === 2 ? value === 1n : Number(BigInt.asIntN(64, value));
}
