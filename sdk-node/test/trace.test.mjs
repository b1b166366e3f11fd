// Which trace a call belongs to: the active span of OpenTelemetry, or the environment's, or what the caller says.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, test } from "node:test";

import { execution, json, serve, streaming } from "./scripted_server.mjs";

const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`;
const OTHER = "00-11111111111111111111111111111111-2222222222222222-00";

afterEach(() => {
  delete globalThis[API];
  delete process.env.TRACEPARENT;
  delete process.env.TRACESTATE;
});

/** What the OpenTelemetry API registers, as far as a span needs it; runs a function with one. */
function withSpan(context, run) {
  const active = new AsyncLocalStorage();
  globalThis[API] = { context: { active: () => ({ getValue: (key) => (key === SPAN ? active.getStore() : undefined) }) } };
  return active.run({ spanContext: () => context }, run);
}

const traced = (t) =>
  serve(t, (request, response) => {
    if (!request.url.endsWith("/execute")) return json(response, 200, {});
    streaming(response);
    response.end(execution(["Hi"]).join(""));
  });

test("the active span goes with calls and streams", async (t) => {
  const server = await traced(t);
  const client = server.client();
  const span = { traceId: TRACE, spanId: "b7ad6b7169203331", traceFlags: 1, traceState: { serialize: () => "vendor=value" } };
  await withSpan(span, async () => {
    await client.getUsage();
    await client.streamAgent({ agent_id: "a", message: "m" }).finalResponse();
  });
  await client.getUsage();
  const sent = server.requests.map(({ headers }) => [headers.traceparent, headers.tracestate]);
  assert.deepEqual(sent, [[PARENT, "vendor=value"], [PARENT, "vendor=value"], [undefined, undefined]]);
});

test("what the caller says holds over the span", async (t) => {
  const server = await traced(t);
  const span = { traceId: TRACE, spanId: "b7ad6b7169203331", traceFlags: 1 };
  await withSpan(span, () => server.client().getUsage({}, { headers: { traceparent: OTHER } }));
  assert.equal(server.requests[0].headers.traceparent, OTHER);
});

test("a span that is none, and an API without one, are no trace", async (t) => {
  const server = await traced(t);
  const client = server.client();
  await withSpan({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }, () => client.getUsage());
  globalThis[API] = {};
  await client.getUsage();
  assert.deepEqual(server.requests.map(({ headers }) => headers.traceparent), [undefined, undefined]);
});

test("the environment's trace is inherited, where it is one", async (t) => {
  const server = await traced(t);
  process.env.TRACEPARENT = OTHER;
  process.env.TRACESTATE = "a=b";
  const client = server.client();
  process.env.TRACEPARENT = "nonsense";
  const none = server.client();
  await client.getUsage();
  await none.getUsage();
  await server.client({ defaultHeaders: { traceparent: PARENT } }).getUsage();
  await withSpan({ traceId: TRACE, spanId: "b7ad6b7169203331", traceFlags: 1 }, () => client.getUsage());
  const sent = server.requests.map(({ headers }) => headers.traceparent);
  assert.deepEqual(sent, [OTHER, undefined, PARENT, PARENT]);
  assert.equal(server.requests[0].headers.tracestate, "a=b");
});
