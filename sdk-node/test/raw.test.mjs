// What is told beside the parsed value, and options for one call or for many.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BaseClient } from "../dist/client.js";
import { settle } from "../dist/mailbox.js";
import { native } from "../dist/native.js";
import { execution, json, problem, serve, signal, streaming } from "./scripted_server.mjs";

const USAGE = { tenant_id: "acme" };
const ARGUMENTS = { agent_id: "agent-1", message: "Hello" };

test("withResponse has status, headers, request id and retries beside the value", async (t) => {
  const server = await serve(t, (_, response, number) =>
    number === 0 ? problem(response, 503, "busy", {}, { "retry-after-ms": "1" }) : json(response, 200, USAGE, { "x-ratelimit-limit": "200" }),
  );
  const { data, status_code, headers, request_id, retries_taken } = await server.client().getUsage().withResponse();
  assert.deepEqual(data, USAGE);
  assert.equal(status_code, 200);
  assert.equal(headers.get("X-RateLimit-Limit"), "200");
  assert.equal(request_id, "req-1");
  assert.equal(retries_taken, 1);
});

test("response and asResponse are the answer as fetch would hand it over", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, USAGE, { "x-more": "yes" }));
  const client = server.client();
  const { response } = await client.getUsage().withResponse();
  for (const answer of [response, await client.getUsage().asResponse()]) {
    assert.ok(answer instanceof Response);
    assert.equal(answer.status, 200);
    assert.ok(answer.ok);
    assert.equal(answer.headers.get("x-more"), "yes");
    assert.deepEqual(await answer.json(), USAGE);
  }
});

test("asResponse of an answer without content has no body, and an error status throws", async (t) => {
  const server = await serve(t, (_, response, number) => (number === 0 ? response.writeHead(204).end() : problem(response, 404, "not_found")));
  const answer = await server.client().deleteAgent({ agent_id: "agent-1" }).asResponse();
  assert.equal(answer.status, 204);
  assert.equal(answer.body, null);
  await assert.rejects(server.client().getUsage().asResponse(), { name: "NotFoundError" });
});

test("asResponse hands out what is no JSON, and leaves no rejection behind", async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{cut"));
  assert.equal(await (await server.client().getUsage().asResponse()).text(), "{cut");
  await assert.rejects(server.client().getUsage().withResponse(), /not JSON \(4 characters/);
});

test("a file is a Uint8Array and no Buffer", async () => {
  const head = { status: 200, headers: "content-type: application/pdf\n", retriesTaken: 0 };
  const { NativeClient } = native;
  native.NativeClient = class {
    baseUrl = "http://127.0.0.1:9";
    call = (_, ticket) => setImmediate(() => settle([ticket], [{ answer: { head, bytes: Uint8Array.of(37, 80, 68, 70) } }]));
  };
  class Client extends BaseClient {
    getInvoicePdf = (params) => this.call({ id: "get_invoice_pdf", path: [], query: {}, headers: {}, required: [] }, params);
  }
  try {
    const client = new Client();
    const bytes = await client.getInvoicePdf({});
    assert.equal(bytes.constructor, Uint8Array);
    const response = await client.getInvoicePdf({}).asResponse();
    assert.equal(response.headers.get("content-type"), "application/pdf");
    assert.equal(await response.text(), "%PDF");
  } finally {
    native.NativeClient = NativeClient;
  }
});

test("withResponse of a stream waits for the head, and takes no event away", async (t) => {
  const begun = signal();
  const server = await serve(t, async (_, response, number) => {
    if (number === 0) return problem(response, 503, "busy", {}, { "retry-after-ms": "1" });
    response.setHeader("x-more", "yes");
    streaming(response);
    response.flushHeaders();
    await begun.promise;
    response.end(execution(["Hi"]).join(""));
  });
  const stream = server.client().streamAgent(ARGUMENTS);
  assert.deepEqual([stream.status_code, stream.headers, stream.request_id], [undefined, undefined, undefined]);
  const { data, status_code, headers, request_id, retries_taken } = await stream.withResponse();
  assert.equal(data, stream);
  assert.deepEqual([status_code, request_id, retries_taken, headers.get("x-more")], [200, "req-1", 1, "yes"]);
  assert.deepEqual([stream.status_code, stream.request_id, stream.retries_taken, stream.rejoins], [200, "req-1", 1, 0]);
  begun.fulfil();
  const types = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ["execution.started", "message.delta", "execution.completed"]);
});

test("withResponse of a stream that was refused throws what was refused, as reading it does", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 404, "not_found"));
  const stream = server.client().streamAgent(ARGUMENTS);
  await assert.rejects(stream.withResponse(), (error) => {
    assert.equal(error.name, "NotFoundError");
    assert.match(error.stack, /raw\.test\.mjs/);
    return true;
  });
  await assert.rejects(stream.finalResponse(), { name: "NotFoundError" });
  const closed = server.client().streamAgent(ARGUMENTS);
  closed.close();
  await assert.rejects(closed.withResponse(), /closed before its answer began/);
});

test("withOptions makes a client over the same connections whose calls have these options", async (t) => {
  const server = await serve(t, (request, response) => json(response, 200, { ...USAGE, port: request.socket.remotePort }));
  const client = server.client({ defaultHeaders: { "x-team": "one" } });
  const other = client.withOptions({ headers: { "x-team": "two", "x-more": "yes" }, query: { trace: 1 } });
  assert.equal(other.constructor, client.constructor);
  assert.equal(other.baseURL, client.baseURL);
  await client.getUsage();
  await other.getUsage();
  await other.withOptions({ headers: { "x-more": "no" } }).getUsage({}, { query: { own: true } });
  await client.getUsage();
  const sent = server.requests.map(({ url, headers }) => [url, headers["x-team"], headers["x-more"]]);
  assert.deepEqual(sent, [
    ["/usage", "one", undefined],
    ["/usage?trace=1", "two", "yes"],
    ["/usage?trace=1&own=true", "two", "no"],
    ["/usage", "one", undefined],
  ]);
  // A connection is there again a moment after its answer: so it may take some calls until one is used by both.
  const ports = new Set([(await client.getUsage()).port]);
  let port;
  for (let call = 0; call < 1000 && !ports.has(port); call++) {
    ({ port } = await other.getUsage());
    if (!ports.has(port)) ports.add((await client.getUsage()).port);
  }
  assert.ok(ports.has(port));
});

test("withOptions bounds retries and time; a call's own options hold over it", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === "/usage") problem(response, 503, "busy", {}, { "retry-after-ms": "1" });
  });
  const none = server.client().withOptions({ maxRetries: 0, timeout: 20 });
  await assert.rejects(none.getUsage(), { name: "InternalServerError" });
  assert.equal(server.requests.length, 1);
  await assert.rejects(none.getUsage({}, { maxRetries: 1 }), { name: "InternalServerError" });
  assert.equal(server.requests.length, 3);
  await assert.rejects(none.getAgent({ agent_id: "never-answered" }), { name: "APITimeoutError" });
});

test("retryBudget: false lets every call have all its retries", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 503, "busy", {}, { "retry-after-ms": "0" }));
  const [bounded, free] = [server.client({ maxRetries: 150 }), server.client({ maxRetries: 150, retryBudget: false })];
  await assert.rejects(bounded.getUsage());
  assert.equal(server.requests.length, 101, "500 tokens pay for 100 retries");
  await assert.rejects(free.getUsage());
  assert.equal(server.requests.length, 101 + 151);
});
