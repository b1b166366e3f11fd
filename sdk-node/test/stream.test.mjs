// Streams: every event once, an ending that is told, a connection that is closed.

import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import * as sdk from "agent-platform-sdk";

import { execution, frame, problem, serve, signal, streaming } from "./scripted_server.mjs";

const ARGUMENTS = { agent_id: "agent-1", message: "Hello" };
const TEXTS = ["How ", "are ", "you, ", "Zoë? ", "👋"];

/** A server that streams these frames, one write each. */
function streams(t, frames) {
  return serve(t, (_, response) => {
    streaming(response);
    for (const part of frames) response.write(part);
    response.end();
  });
}

/** A server that streams a first delta and then nothing, and tells when its reader has gone. */
async function hangs(t) {
  const gone = signal();
  const server = await serve(t, (_, response) => {
    streaming(response);
    response.write(execution(["first"]).slice(0, 2).join(""));
    response.on("close", gone.fulfil);
  });
  return { ...server, gone: gone.promise };
}

test("for await hands out every event in order", async (t) => {
  const server = await streams(t, execution(TEXTS));
  const types = [];
  let text = "";
  for await (const event of server.client().streamAgent(ARGUMENTS)) {
    types.push(event.type);
    if (event.type === "message.delta") text += event.text;
  }
  assert.deepEqual(types, ["execution.started", ...TEXTS.map(() => "message.delta"), "execution.completed"]);
  assert.equal(text, TEXTS.join(""));
  assert.equal(server.requests[0].headers.accept, "text/event-stream");
  assert.deepEqual(JSON.parse(server.requests[0].body), { message: "Hello" });
});

test("characters that are cut between packets arrive whole", async (t) => {
  const bytes = Buffer.from(execution(TEXTS).join(""));
  const server = await serve(t, async (_, response) => {
    streaming(response);
    for (const byte of bytes) if (!response.write(Buffer.of(byte))) await once(response, "drain");
    response.end();
  });
  assert.equal((await server.client().streamAgent(ARGUMENTS).finalResponse()).message, TEXTS.join(""));
});

test("a long stream loses nothing", async (t) => {
  const texts = Array.from({ length: 5000 }, (_, number) => `${number} `);
  const server = await streams(t, execution(texts));
  let text = "";
  for await (const piece of server.client().streamAgent(ARGUMENTS).textStream) text += piece;
  assert.equal(text, texts.join(""));
});

test("an event of a type that is not known yet is handed out as it is", async (t) => {
  const server = await streams(t, [frame(1, "from.tomorrow", { more: [1] }), ...execution(["x"]).slice(-1)]);
  const events = [];
  for await (const event of server.client().streamAgent(ARGUMENTS)) events.push(event);
  assert.deepEqual(events[0], { type: "from.tomorrow", more: [1] });
});

test("the final response is there alone, after a loop, and in the middle of one", async (t) => {
  const server = await streams(t, execution(TEXTS));
  const client = server.client();
  assert.equal((await client.streamAgent(ARGUMENTS).finalResponse()).execution_id, "exec-1");

  const after = client.streamAgent(ARGUMENTS);
  for await (const event of after) void event;
  assert.equal((await after.finalResponse()).execution_id, "exec-1");

  const within = client.streamAgent(ARGUMENTS);
  let seen = 0;
  for await (const event of within) {
    seen++;
    assert.equal(event.type, "execution.started");
    assert.equal((await within.finalResponse()).execution_id, "exec-1");
  }
  assert.equal(seen, 1);
});

test("leaving the loop closes the connection", async (t) => {
  const server = await hangs(t);
  const stream = server.client().streamAgent(ARGUMENTS);
  for await (const event of stream) if (event.type === "message.delta") break;
  await server.gone;
  await assert.rejects(stream.finalResponse(), /closed before its final event/);
});

test("an exception in the loop closes the connection", async (t) => {
  const server = await hangs(t);
  await assert.rejects(async () => {
    for await (const event of server.client().streamAgent(ARGUMENTS)) throw new Error(event.type);
  }, /execution.started/);
  await server.gone;
});

test("close ends the loop", async (t) => {
  const server = await hangs(t);
  const stream = server.client().streamAgent(ARGUMENTS);
  for await (const event of stream) if (event.type === "message.delta") stream.close();
  await server.gone;
});

test("a disposed stream is closed", async (t) => {
  const server = await hangs(t);
  const stream = server.client().streamAgent(ARGUMENTS);
  await stream[Symbol.asyncIterator]().next();
  await stream[Symbol.asyncDispose]();
  await server.gone;
});

for (const [what, read] of [["events", (stream) => stream[Symbol.asyncIterator]()], ["text", (stream) => stream.textStream]]) {
  test(`the ${what} are left while they are waited for`, async (t) => {
    const server = await hangs(t);
    const items = read(server.client().streamAgent(ARGUMENTS));
    let item = await items.next();
    while ((item.value.text ?? item.value) !== "first") item = await items.next();
    const waiting = items.next();
    assert.deepEqual(await items.return(), { done: true, value: undefined });
    assert.deepEqual(await waiting, { done: true, value: undefined });
    await server.gone;
    assert.deepEqual(await items.next(), { done: true, value: undefined });
  });

  test(`the ${what} are left before they were read, and with an error`, async (t) => {
    for (const leave of [(items) => items.return(), (items) => assert.rejects(items.throw(new Error("mine")), /^Error: mine$/)]) {
      const server = await hangs(t);
      const stream = server.client().streamAgent(ARGUMENTS);
      await stream.withResponse();
      await leave(read(stream));
      await server.gone;
    }
  });
}

test("who asks for several events at once gets them in order", async (t) => {
  const server = await streams(t, execution(["a", "b", "c", "d"]));
  const events = server.client().streamAgent(ARGUMENTS)[Symbol.asyncIterator]();
  const asked = await Promise.all(Array.from({ length: 8 }, () => events.next()));
  assert.deepEqual(asked.map(({ value }) => value?.text ?? value?.type), ["execution.started", "a", "b", "c", "d", "execution.completed", undefined, undefined]);
});

test("who asks while others wait gets its event after theirs", async (t) => {
  const server = await streams(t, [execution(["a", "b", "c", "d"]).join("")]);
  const events = server.client().streamAgent(ARGUMENTS)[Symbol.asyncIterator]();
  const first = events.next();
  const asked = [first, events.next(), events.next(), first.then(() => events.next()), events.next()];
  const texts = (await Promise.all(asked)).map(({ value }) => value.text ?? value.type);
  assert.deepEqual(texts, ["execution.started", "a", "b", "d", "c"]);
});

test("two loops over one stream share its events", async (t) => {
  const texts = Array.from({ length: 600 }, (_, number) => String(number));
  const server = await streams(t, execution(texts));
  const stream = server.client().streamAgent(ARGUMENTS);
  const seen = [];
  const loop = async () => {
    for await (const text of stream.textStream) seen.push(text);
  };
  await Promise.all([loop(), loop()]);
  assert.deepEqual(seen.sort((a, b) => a - b), texts);
});

test("what stands before an event that is no JSON is handed out, then that one is named", async (t) => {
  const server = await streams(t, [...execution(["fine"]).slice(0, 2), 'id: 3\nevent: message.delta\ndata: {"type":"message.del\n\n', ...execution(["x"]).slice(-1)]);
  const seen = [];
  await assert.rejects(async () => {
    for await (const event of server.client().streamAgent(ARGUMENTS)) seen.push(event.type);
  }, /the message\.delta event 3 is not JSON \(\d+ characters, wrong at position \d+\)$/);
  assert.deepEqual(seen, ["execution.started", "message.delta"]);
});

test("a stream that is forgotten is closed when it is collected", async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const server = await hangs(t);
  await server.client().streamAgent(ARGUMENTS)[Symbol.asyncIterator]().next();
  let open = true;
  server.gone.then(() => {
    open = false;
  });
  while (open) {
    collect();
    await new Promise(setImmediate);
  }
});

test("a signal that outlives its streams gathers no listeners", async (t) => {
  const server = await serve(t, (_, response, number) => {
    if (number === 1) return problem(response, 404, "not_found");
    streaming(response);
    response.end((number === 2 ? execution(TEXTS).slice(0, 2) : execution(TEXTS)).join(""));
  });
  const client = server.client({ maxRetries: 0 });
  const { signal: long } = new AbortController();
  for (let number = 0; number < 3; number++) {
    const stream = client.streamAgent(ARGUMENTS, { signal: long });
    assert.equal(getEventListeners(long, "abort").length, 1);
    await stream.finalResponse().catch(() => {});
    assert.equal(getEventListeners(long, "abort").length, 0);
  }
  assert.equal(server.requests.length, 3);
});

test("an error of a stream leads to the place where it is read", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 404, "not_found"));
  const stream = server.client().streamAgent(ARGUMENTS);
  const looped = await (async () => {
    for await (const event of stream) assert.fail(event.type);
  })().catch((reason) => reason);
  assert.match(looped.stack, /stream\.test\.mjs/);
  // Also when it was known long before.
  async function readsLater() {
    for await (const event of stream) assert.fail(event.type);
  }
  assert.match((await readsLater().catch((reason) => reason)).stack, /readsLater/);
});

test("a stream that was cut says so, with what had arrived", async (t) => {
  const server = await streams(t, execution(["Hello ", "wor"]).slice(0, 3));
  let text = "";
  const error = await (async () => {
    for await (const piece of server.client({ maxRetries: 0 }).streamAgent(ARGUMENTS).textStream) text += piece;
  })().catch((reason) => reason);

  assert.equal(error.constructor, sdk.StreamInterruptedError);
  assert.equal(text, "Hello wor");
  assert.equal(error.partial_text, "Hello wor");
  assert.equal(error.last_event_id, "3");
});

test("what fails before the first event is an error of its status", async (t) => {
  const server = await serve(t, (_, response) => problem(response, 429, "quota_exceeded", { quota: "max_tokens_per_month" }, { "retry-after": "600" }));
  const stream = server.client().streamAgent(ARGUMENTS);
  await assert.rejects(async () => {
    for await (const event of stream) assert.fail(event.type);
  }, sdk.QuotaExceededError);
  await assert.rejects(stream.finalResponse(), sdk.QuotaExceededError);
});

test("an execution that failed is an event in a loop, and an error for who wants its answer", async (t) => {
  const failed = { error: { title: "provider failed", status: 502, detail: "the model is gone", code: "provider_failed", request_id: "req-9" } };
  const server = await streams(t, [...execution(["par"]).slice(0, 2), frame(3, "execution.failed", failed)]);
  const client = server.client();
  const stream = client.streamAgent(ARGUMENTS);
  const types = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ["execution.started", "message.delta", "execution.failed"]);
  for (const wanted of [
    () => stream.finalResponse(),
    () => client.streamAgent(ARGUMENTS).finalResponse(),
    () => collect(client.streamAgent(ARGUMENTS).textStream),
  ]) {
    const error = await wanted().catch((reason) => reason);
    assert.equal(error.constructor, sdk.InternalServerError);
    assert.equal(error.code, "provider_failed");
    assert.equal(error.request_id, "req-9");
  }
});

test("an execution that was cancelled has no final response", async (t) => {
  const server = await streams(t, [...execution(["par"]).slice(0, 2), frame(3, "execution.cancelled", { partial_message: "par" })]);
  await assert.rejects(server.client().streamAgent(ARGUMENTS).finalResponse(), (error) => {
    assert.ok(error instanceof sdk.AgentPlatformError);
    assert.match(error.message, /cancelled/);
    return true;
  });
});

test("wrong arguments are told where the stream is read", async (t) => {
  const server = await streams(t, execution(TEXTS));
  const stream = server.client().streamAgent({ message: "Hello" });
  await assert.rejects(stream.finalResponse(), /streamAgent needs agent_id/);
});

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}
