// A stream that is cut is taken up again: every event once, in order; or an error that says all there is.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as sdk from "agent-platform-sdk";

import { execution, problem, serve, signal } from "./scripted_server.mjs";

const ARGUMENTS = { agent_id: "agent-1", message: "Hello" };
const FRAMES = execution(["Hel", "lo ", "Wor", "ld"]);

/** A server that cuts what it streams after so many frames each time, and knows where the client wants to go on. */
function cutting(t, cuts, refuse) {
  return serve(t, (request, response, number) => {
    const after = Number(request.headers["last-event-id"] ?? 0);
    if (number > 0 && refuse !== undefined) return refuse(response);
    response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": `req-${number}` });
    const end = cuts[number] ?? FRAMES.length;
    response.write(`: hello\n\n${FRAMES.slice(after, end).join("")}`, () => {
      if (end === FRAMES.length) response.end();
      else response.destroy();
    });
  });
}

test("each event arrives once, in order, however often the connection is cut", async (t) => {
  const server = await cutting(t, [0, 1, 3, 4]);
  const stream = server.client().streamAgent(ARGUMENTS);
  let text = "";
  const types = [];
  for await (const event of stream) {
    types.push(event.type);
    text += event.text ?? "";
  }
  assert.equal(text, "Hello World");
  assert.deepEqual(types, ["execution.started", ...Array(4).fill("message.delta"), "execution.completed"]);
  assert.equal((await stream.finalResponse()).message, "Hello World");
  const sent = server.requests.map(({ method, url, headers }) => [method, url, headers["last-event-id"]]);
  assert.deepEqual(sent, [
    ["POST", "/agents/agent-1/execute", undefined],
    ["POST", "/agents/agent-1/execute", undefined],
    ["GET", "/executions/exec-1/events", "1"],
    ["GET", "/executions/exec-1/events", "3"],
    ["GET", "/executions/exec-1/events", "4"],
  ]);
  assert.equal(server.requests[0].headers["idempotency-key"], server.requests[1].headers["idempotency-key"]);
  assert.deepEqual([stream.rejoins, stream.request_id, stream.retries_taken], [4, "req-4", 0]);
});

for (const [name, cause, refuse] of [
  ["the server no longer has it", "NotFoundError", (response) => problem(response, 404, "not_found")],
  ["it is no longer kept", "APIStatusError", (response) => problem(response, 410, "gone")],
  ["the server fails", "InternalServerError", (response) => problem(response, 503, "down", {}, { "retry-after-ms": "1" })],
  ["nobody answers", "APIConnectionError", (response) => response.destroy()],
]) {
  test(`where ${name}, the error has text, last id, and a cause of its class`, async (t) => {
    const server = await cutting(t, [3], refuse);
    const stream = server.client({ maxRetries: 1 }).streamAgent(ARGUMENTS);
    let text = "";
    const error = await (async () => {
      for await (const piece of stream.textStream) text += piece;
    })().catch((reason) => reason);
    assert.equal(error.constructor, sdk.StreamInterruptedError);
    assert.equal(text, "Hello ");
    assert.deepEqual([error.partial_text, error.last_event_id], ["Hello ", "3"]);
    assert.equal(error.cause.constructor, sdk[cause], String(error.cause));
    assert.equal(JSON.parse(JSON.stringify(error)).partial_text, "Hello ");
    await assert.rejects(stream.finalResponse(), sdk.StreamInterruptedError);
  });
}

test("maxRetries: 0 takes nothing up again", async (t) => {
  const server = await cutting(t, [3]);
  await assert.rejects(server.client({ maxRetries: 0 }).streamAgent(ARGUMENTS).finalResponse(), sdk.StreamInterruptedError);
  assert.equal(server.requests.length, 1);
});

test("a signal ends a stream between two connections", async (t) => {
  const [controller, refused] = [new AbortController(), signal()];
  const server = await cutting(t, [3], (response) => {
    response.on("finish", refused.fulfil);
    problem(response, 503, "down", {}, { "retry-after": "100" });
  });
  const final = server.client().streamAgent(ARGUMENTS, { signal: controller.signal }).finalResponse();
  await refused.promise;
  controller.abort();
  await assert.rejects(final, sdk.APIUserAbortError);
  assert.equal(server.requests.length, 2);
});

test("events are read again from where one likes", async (t) => {
  const server = await cutting(t, []);
  const stream = server.client().streamExecutionEvents({ execution_id: "exec-1", last_event_id: "3" });
  const texts = [];
  for await (const text of stream.textStream) texts.push(text);
  assert.deepEqual(texts, ["Wor", "ld"]);
  assert.equal((await stream.finalResponse()).message, "Hello World");
  assert.equal(server.requests[0].headers["last-event-id"], "3");
});
