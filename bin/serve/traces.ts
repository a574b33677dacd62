/** Sends traces to a collector by OTLP over HTTP, where OpenTelemetry's own environment says one. Loads nothing elsewhere. */
import { type NewSpan, type Span, setTracer } from "../../lib/traces.ts";

/** Whether the environment names a collector, and nothing in it says not to. */
export function isTraced(environment = process.env): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER } =
    environment;
  const isOff = OTEL_SDK_DISABLED?.toLowerCase() === "true" || OTEL_TRACES_EXPORTER === "none";
  return !isOff && Boolean(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT);
}

/**
 * Traces this thread from now on. Sampling, limits, batches, headers and time-outs are OpenTelemetry's (`OTEL_…`), which its SDK reads by
 * itself. Returns what sends the rest and ends it.
 */
export async function startTraces(): Promise<() => Promise<void>> {
  if (!isTraced()) return async () => {};
  const [api, { BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const named = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new BasicTracerProvider({
    resource: resources.resourceFromAttributes({ "service.name": "holdout" }).merge(named),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("holdout");
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL };
  const contexts = new WeakMap<Span, ReturnType<typeof api.trace.setSpan>>();
  const contextOf = (parent: NewSpan["parent"]) => {
    if (typeof parent === "string") return callersContext(api, parent);
    return (parent && contexts.get(parent)) ?? api.ROOT_CONTEXT;
  };
  setTracer(({ name, kind, attributes, parent }) => {
    const context = contextOf(parent);
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, context);
    const begun: Span = {
      set: (more) => void span.setAttributes(more),
      end: (error) => {
        if (error !== undefined)
          // an error's words may hold what somebody sent
          span
            .setAttribute("error.type", error instanceof Error ? error.name : typeof error)
            .setStatus({ code: api.SpanStatusCode.ERROR });
        span.end();
      },
    };
    contexts.set(begun, api.trace.setSpan(context, span));
    return begun;
  });
  return () => provider.shutdown().catch(() => {});
}

type Api = typeof import("@opentelemetry/api");

/** What a caller's `traceparent` says that its request is part of; badly formed, of nothing. */
function callersContext({ trace, ROOT_CONTEXT, isSpanContextValid }: Api, traceparent: string) {
  const found = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent);
  if (!found) return ROOT_CONTEXT;
  const [, traceId = "", spanId = "", flags = "00"] = found;
  const caller = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(caller) ? trace.setSpanContext(ROOT_CONTEXT, caller) : ROOT_CONTEXT;
}
