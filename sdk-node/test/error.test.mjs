// Every failure is an error of a class that says which.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { inspect } from "node:util";
import { test } from "node:test";

import * as sdk from "agent-platform-sdk";

import { API_KEY, problem, serve } from "./scripted_server.mjs";

const CLASSES = [
  [400, "bad_json", "BadRequestError"],
  [401, "unauthenticated", "AuthenticationError"],
  [403, "forbidden", "PermissionDeniedError"],
  [404, "not_found", "NotFoundError"],
  [409, "conflict", "ConflictError"],
  [413, "too_large", "APIStatusError"],
  [422, "invalid", "UnprocessableEntityError"],
  [429, "slow_down", "RateLimitError"],
  [429, "rate_limited", "QuotaExceededError"],
  [429, "quota_exceeded", "QuotaExceededError"],
  [500, "internal", "InternalServerError"],
  [502, "provider_failed", "InternalServerError"],
];

for (const [status, code, name] of CLASSES) {
  test(`${status} ${code} is a ${name}`, async (t) => {
    const server = await serve(t, (_, response) =>
      problem(response, status, code, { errors: [{ pointer: "/name", detail: "empty" }] }, { "retry-after": "7" }),
    );
    const error = await server.client({ maxRetries: 0 }).getUsage().catch((reason) => reason);

    assert.equal(error.constructor, sdk[name]);
    assert.equal(error.name, name);
    assert.ok(error instanceof sdk.APIStatusError && error instanceof sdk.AgentPlatformError && error instanceof Error);
    assert.equal(error.status_code, status);
    assert.equal(error.code, code);
    assert.equal(error.detail, `because of ${code}`);
    assert.equal(error.request_id, "req-1");
    assert.equal(error.retry_after, 7);
    assert.equal(error.body.errors[0].pointer, "/name");
    assert.match(error.message, new RegExp(`${status}.*because of ${code}`));
    assert.match(error.stack, /error\.test\.mjs/, "the stack leads to the caller");
  });
}

test("the tree is the documented one", () => {
  const parent = (name) => Object.getPrototypeOf(sdk[name]).name;
  assert.equal(parent("APIConnectionError"), "AgentPlatformError");
  assert.equal(parent("APITimeoutError"), "APIConnectionError");
  assert.equal(parent("StreamInterruptedError"), "APIConnectionError");
  assert.equal(parent("APIUserAbortError"), "AgentPlatformError");
  assert.equal(parent("APIStatusError"), "AgentPlatformError");
  assert.equal(parent("QuotaExceededError"), "RateLimitError");
  assert.equal(parent("InternalServerError"), "APIStatusError");
});

test("nobody listens: a connection error with its cause", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  const client = new sdk.AgentPlatformClient({ apiKey: API_KEY, baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
  const error = await client.getUsage().catch((reason) => reason);

  assert.equal(error.constructor, sdk.APIConnectionError);
  assert.ok(error.cause instanceof Error);
  assert.match(error.stack, /error\.test\.mjs/);
});

test("no answer in time: a time-out, which is a connection error", async (t) => {
  const server = await serve(t, () => {});
  const error = await server.client().getUsage({}, { timeout: 30, maxRetries: 0 }).catch((reason) => reason);
  assert.equal(error.constructor, sdk.APITimeoutError);
  assert.ok(error instanceof sdk.APIConnectionError);
});

test("an answer that is not JSON is told as such", async (t) => {
  const server = await serve(t, (_, response, number) => {
    response.setHeader("content-type", number === 0 ? "text/html" : "application/json");
    response.end("<html>a proxy's page</html>");
  });
  const client = server.client({ maxRetries: 0 });
  for (const message of [/expected json/, /not JSON \(27 characters\)$/]) {
    const error = await client.getUsage().catch((reason) => reason);
    assert.ok(error instanceof sdk.AgentPlatformError);
    assert.match(error.message, message);
  }
});

// Cut off, wrong at a place that V8 answers with a quotation, and JSON of another kind.
for (const answer of [`{"key":"${API_KEY}","na`, `${API_KEY} `, `{"key":${API_KEY}}`, JSON.stringify(API_KEY), `["${API_KEY}"]`]) {
  test(`a key that was just made is not shown when its answer is ${answer}`, async (t) => {
    const server = await serve(t, (_, response) => response.writeHead(201, { "content-type": "application/json" }).end(answer));
    const error = await server.client({ maxRetries: 0 }).createApiKey().catch((reason) => reason);
    assert.match(error.message, new RegExp(`the server's answer is (not JSON|no JSON object) \\(${answer.length} characters`));
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(error.message + error.stack + inspect(error, { depth: Infinity, showHidden: true }), /pk_test|SECRET/);
  });
}

test("a body that is no problem document is kept as it is", async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(502).end("bad gateway"));
  const error = await server.client({ maxRetries: 0 }).getUsage().catch((reason) => reason);
  assert.equal(error.constructor, sdk.InternalServerError);
  assert.equal(error.body, "bad gateway");
});

test("the key appears in nothing that is printed", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 401, "unauthenticated"));
  const client = server.client();
  const error = await client.getUsage().catch((reason) => reason);
  const printed = [
    inspect(client, { depth: Infinity, showHidden: true }),
    JSON.stringify(client),
    String(client),
    inspect(error, { depth: Infinity, showHidden: true }),
    JSON.stringify(error),
    String(error),
    error.stack,
  ].join("\n");
  assert.doesNotMatch(printed, /SECRET/);
});

test("JSON.stringify and inspect of an error show what is known, also its causes, and nothing else", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 404, "not_found"));
  const error = await server.client().getUsage().catch((reason) => reason);
  assert.deepEqual(Object.keys(error).sort(), ["body", "code", "detail", "request_id", "status_code"]);
  const { name, message, ...rest } = JSON.parse(JSON.stringify({ error })).error;
  assert.equal(name, "NotFoundError");
  assert.equal(message, error.message);
  assert.deepEqual(rest, { ...error });
  assert.match(inspect(error), /^NotFoundError: 404 not_found: because of not_found.*\n +at /);

  const nowhere = new sdk.AgentPlatformClient({ apiKey: API_KEY, baseURL: "http://127.0.0.1:1", maxRetries: 0 });
  const refused = await nowhere.getUsage().catch((reason) => reason);
  assert.ok(refused.cause instanceof Error);
  assert.match(inspect(refused), /\[cause\]: Error: /);
  assert.doesNotThrow(() => JSON.stringify(refused));
});

test("an error survives being sent to another thread, as an ordinary error", async () => {
  const sent = structuredClone(new sdk.QuotaExceededError("429 quota_exceeded", { status_code: 429 }));
  assert.ok(sent instanceof Error);
  assert.equal(sent.message, "429 quota_exceeded");
});

test("the classes can be made by a test of one's own", () => {
  const cause = new Error("below");
  const error = new sdk.RateLimitError("slow down", { status_code: 429, retry_after: 3, cause });
  assert.equal(error.retry_after, 3);
  assert.equal(error.cause, cause);
  assert.equal(String(error), "RateLimitError: slow down");
  class Mine extends sdk.NotFoundError {}
  assert.ok(new Mine("x") instanceof sdk.APIStatusError);
});

test("a wrong setting throws at once", () => {
  assert.throws(() => new sdk.AgentPlatformClient({ baseURL: "not a url" }), (error) => {
    assert.equal(error.constructor, sdk.AgentPlatformError);
    assert.match(error.message, /base URL|base_url|baseURL/i);
    return true;
  });
});

test("a call that needs a key says so before anything is sent", async (t) => {
  const server = await serve(t, () => assert.fail("nothing is sent"));
  delete process.env.AGENT_PLATFORM_API_KEY;
  const client = new sdk.AgentPlatformClient({ baseURL: server.baseURL });
  await assert.rejects(client.getUsage(), /AGENT_PLATFORM_API_KEY/);
});
