// Which trace a call belongs to, told to the server by W3C Trace Context.

/** Where the OpenTelemetry API, in all its versions 1, registers what a program has set up. */
const API = Symbol.for("opentelemetry.js.api.1");
/** Under which it keeps the active span in a context. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/** A version, a trace and a span, neither of these all zeros, which stands for none, and flags. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

interface OpenTelemetry {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

interface Span {
  spanContext(): {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceFlags?: number;
    readonly traceState?: { serialize(): string } | undefined;
  };
}

/** Names and values of the headers that name the active span, in turn; none without OpenTelemetry or a span. */
export function traceHeaders(): string[] | undefined {
  const api = (globalThis as { [API]?: OpenTelemetry })[API];
  const span = api?.context?.active().getValue(SPAN) as Span | undefined;
  if (span === undefined) return undefined;
  const { traceId, spanId, traceFlags = 0, traceState } = span.spanContext();
  const parent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  return headersOf(parent, traceState?.serialize());
}

/** The same for the trace that the environment names. In a worker thread the core does not see that one. */
export function inheritedTrace(): string[] | undefined {
  return headersOf(process.env.TRACEPARENT, process.env.TRACESTATE);
}

function headersOf(parent: string | undefined, state: string | undefined): string[] | undefined {
  if (parent === undefined || !TRACEPARENT.test(parent)) return undefined;
  const headers = ["traceparent", parent];
  if (state !== undefined && state !== "") headers.push("tracestate", state);
  return headers;
}
