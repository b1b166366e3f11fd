// What a call sends, and what it makes of the answer.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { APIUserAbortError, AgentPlatformError } from "agent-platform-sdk";

import { API_KEY, json, problem, serve, signal } from "./scripted_server.mjs";

test("a call sends its arguments as the body, with the key", async (t) => {
  const server = await serve(t, (_, response) => json(response, 201, { agent_id: "agent-1", name: "Zoë", new_field: 1 }));
  const agent = await server.client().createAgent({ name: "Zoë", system_prompt: "Be kind.", tools: ["search_kb"] });

  assert.deepEqual(agent, { agent_id: "agent-1", name: "Zoë", new_field: 1 });
  const [request] = server.requests;
  assert.equal(`${request.method} ${request.url}`, "POST /agents");
  assert.deepEqual(JSON.parse(request.body), { name: "Zoë", system_prompt: "Be kind.", tools: ["search_kb"] });
  assert.equal(request.headers.authorization, `Bearer ${API_KEY}`);
  assert.equal(request.headers["content-type"], "application/json");
  assert.match(request.headers["user-agent"], /agent-platform.*node\/\d+/);
  assert.ok(request.headers["idempotency-key"]);
});

test("path parameters leave the body for the path", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, { message: "Hi" }));
  await server.client().executeAgent({ agent_id: "agent/1 ü", message: "Hello" });

  assert.equal(server.requests[0].url, "/agents/agent%2F1%20%C3%BC/execute");
  assert.deepEqual(JSON.parse(server.requests[0].body), { message: "Hello" });
});

test("query parameters go to the query; what is undefined is left out", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, { data: [] }));
  await server.client().searchDocuments({ q: "a&b", limit: undefined });

  assert.equal(server.requests[0].url, "/documents/search?q=a%26b");
  assert.equal(server.requests[0].body, "");
});

test("a call without content answers undefined", async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(204).end());
  assert.equal(await server.client().deleteAgent({ agent_id: "agent-1" }), undefined);
});

test("options of a call hold over those of the client", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, {}));
  const client = server.client({ defaultHeaders: { "x-team": "one", "x-kept": "yes" } });
  await client.createAgent(
    { name: "A", system_prompt: "B" },
    { headers: new Headers({ "x-team": "two" }), query: { trace: true, tag: ["a", "b"], none: null }, idempotencyKey: "mine" },
  );

  const [request] = server.requests;
  assert.equal(request.url, "/agents?trace=true&tag=a&tag=b");
  assert.equal(request.headers["x-team"], "two");
  assert.equal(request.headers["x-kept"], "yes");
  assert.equal(request.headers["idempotency-key"], "mine");
});

test("a failed attempt is repeated under one idempotency key, and the answer tells of it", async (t) => {
  const server = await serve(t, (_, response, number) =>
    number === 0 ? problem(response, 503, "overloaded", {}, { "retry-after-ms": "1" }) : json(response, 201, { agent_id: "agent-1" }),
  );
  const answer = await server.client().createAgent({ name: "A", system_prompt: "B" }).withResponse();

  assert.equal(answer.data.agent_id, "agent-1");
  assert.equal(answer.retries_taken, 1);
  assert.equal(server.requests.length, 2);
  assert.equal(server.requests[0].headers["idempotency-key"], server.requests[1].headers["idempotency-key"]);
});

test("withResponse has status, headers, request id and retries", async (t) => {
  const server = await serve(t, (_, response) => json(response, 201, { agent_id: "agent-1" }, { "x-ratelimit-limit": "200" }));
  const answer = await server.client().createAgent({ name: "A", system_prompt: "B" }).withResponse();

  assert.equal(answer.status_code, 201);
  assert.equal(answer.headers.get("x-ratelimit-limit"), "200");
  assert.equal(answer.request_id, "req-1");
  assert.equal(answer.retries_taken, 0);
});

test("an aborted call ends at once, closes its connection and leaves no listener", async (t) => {
  const arrived = signal();
  const gone = signal();
  const server = await serve(t, (request, response) => {
    response.on("close", gone.fulfil);
    arrived.fulfil();
  });
  const controller = new AbortController();
  const call = server.client().getUsage({}, { signal: controller.signal });
  await arrived.promise;
  controller.abort(new Error("changed my mind"));

  await assert.rejects(call, (error) => {
    assert.ok(error instanceof APIUserAbortError);
    assert.ok(error instanceof AgentPlatformError);
    assert.equal(error.name, "APIUserAbortError");
    assert.equal(error.cause.message, "changed my mind");
    return true;
  });
  await gone.promise;
});

test("a signal that was used before sends nothing", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, {}));
  await assert.rejects(server.client().getUsage({}, { signal: AbortSignal.abort() }), APIUserAbortError);
  assert.equal(server.requests.length, 0);
});

test("a signal that outlives its calls gathers no listeners", async (t) => {
  const server = await serve(t, (_, response, number) => (number % 2 ? problem(response, 404, "not_found") : json(response, 200, {})));
  const client = server.client();
  const { signal: long } = new AbortController();
  for (let call = 0; call < 4; call++) {
    const pending = client.getUsage({}, { signal: long });
    assert.equal(getEventListeners(long, "abort").length, 1);
    await pending.catch(() => {});
    assert.equal(getEventListeners(long, "abort").length, 0);
  }
  assert.equal(server.requests.length, 4);
});

test("wrong arguments are named before anything is sent", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, {}));
  const client = server.client();
  const cyclic = {};
  cyclic.self = cyclic;
  const cases = [
    [() => client.getAgent({}), /getAgent needs agent_id, a string, which is missing/],
    [() => client.getAgent({ agent_id: "" }), /getAgent needs agent_id, a string, which is empty/],
    [() => client.getAgent("agent-1"), /getAgent takes its arguments as one object, not as a string/],
    [() => client.getAgent({ agent_id: "agent-1", timeout: 1 }), /getAgent has no parameter timeout, but its second argument has; it takes agent_id/],
    [() => client.createAgent({ name: "A", system_prompt: "B", metadata: cyclic }), /createAgent have no JSON form/],
    [() => client.getUsage({}, { timeout: -1 }), /timeout is a number of milliseconds above 0/],
    [() => client.getUsage({}, { maxRetries: 1.5 }), /maxRetries is a whole number from 0/],
  ];
  for (const [call, message] of cases) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof AgentPlatformError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  assert.equal(server.requests.length, 0);
});

test("64 calls at once all come back", async (t) => {
  const server = await serve(t, (request, response) => json(response, 200, { agent_id: request.url.split("/").at(-1) }));
  const client = server.client();
  const ids = Array.from({ length: 64 }, (_, number) => `agent-${number}`);
  const agents = await Promise.all(ids.map((agent_id) => client.getAgent({ agent_id })));
  assert.deepEqual(agents.map((agent) => agent.agent_id), ids);
});
