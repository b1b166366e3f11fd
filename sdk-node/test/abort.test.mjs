// Signals: what they end, and that nothing stays with them.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { APIUserAbortError } from "agent-platform-sdk";

import { execution, frame, json, serve, signal, streaming } from "./scripted_server.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const ARGUMENTS = { agent_id: "agent-1", message: "Hello" };
const listeners = (of) => getEventListeners(of, "abort").length;

/** A server that answers nothing, or begins a stream, and tells what arrives and what goes. */
async function silent(t, begin = () => {}) {
  const [arrived, gone] = [signal(), signal()];
  const server = await serve(t, (_, response) => {
    response.on("close", gone.fulfil);
    begin(response);
    arrived.fulfil();
  });
  return { ...server, arrived: arrived.promise, gone: gone.promise };
}

test("before: nothing is sent, and the reason is the cause", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, {}));
  const used = AbortSignal.abort(new Error("too late"));
  const client = server.client();
  const options = { signal: used };
  for (const call of [
    () => client.getUsage({}, options),
    () => client.listAgents({}, options),
    () => client.streamAgent(ARGUMENTS, options).finalResponse(),
  ]) {
    await assert.rejects(call, (error) => {
      assert.equal(error.constructor, APIUserAbortError);
      assert.equal(error.cause.message, "too late");
      assert.match(error.stack, /abort\.test\.mjs/);
      return true;
    });
  }
  assert.equal(server.requests.length, 0);
  assert.equal(listeners(used), 0);
});

test("during a call: it ends at once and the server sees it", async (t) => {
  const server = await silent(t);
  const controller = new AbortController();
  const call = server.client().getUsage({}, { signal: controller.signal });
  await server.arrived;
  assert.equal(listeners(controller.signal), 1);
  controller.abort();
  await assert.rejects(call, { name: "APIUserAbortError" });
  await server.gone;
  assert.equal(listeners(controller.signal), 0);
});

test("between two attempts: no further one is made", async (t) => {
  const [controller, refused] = [new AbortController(), signal()];
  const server = await serve(t, (_, response) => {
    response.on("finish", refused.fulfil);
    json(response, 503, {}, { "retry-after": "100" });
  });
  const call = server.client().getUsage({}, { signal: controller.signal });
  await refused.promise;
  controller.abort();
  await assert.rejects(call, { name: "APIUserAbortError" });
  assert.equal(server.requests.length, 1);
});

test("before the head of a stream: the request is dropped, although nobody has read it", async (t) => {
  const server = await silent(t);
  const controller = new AbortController();
  const stream = server.client().streamAgent(ARGUMENTS, { signal: controller.signal });
  await server.arrived;
  controller.abort();
  await server.gone;
  await assert.rejects(stream.finalResponse(), { name: "APIUserAbortError" });
  await assert.rejects(stream.withResponse(), { name: "APIUserAbortError" });
  assert.equal(listeners(controller.signal), 0);
});

test("in the middle of a stream: each way to read it ends, and the connection too", async (t) => {
  const readers = [
    async (stream) => { for await (const event of stream) assert.ok(event); },
    async (stream) => { for await (const text of stream.textStream) assert.ok(text); },
    (stream) => stream.finalResponse(),
  ];
  for (const read of readers) {
    const server = await silent(t, (response) => {
      streaming(response);
      response.write(execution(["first"]).slice(0, 2).join(""));
    });
    const controller = new AbortController();
    const stream = server.client().streamAgent(ARGUMENTS, { signal: controller.signal });
    const reading = read(stream);
    await stream.withResponse();
    controller.abort(new Error("enough"));
    await assert.rejects(reading, (error) => {
      assert.equal(error.constructor, APIUserAbortError);
      assert.equal(error.cause.message, "enough");
      return true;
    });
    await server.gone;
    assert.equal(listeners(controller.signal), 0);
  }
});

test("after the end: nothing happens any more", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === "/usage") return json(response, 200, { tenant_id: "acme" });
    streaming(response);
    response.end(execution(["Hi"]).join(""));
  });
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const usage = await server.client().getUsage({}, options);
  const stream = server.client().streamAgent(ARGUMENTS, options);
  const response = await stream.finalResponse();
  controller.abort();
  assert.equal(usage.tenant_id, "acme");
  assert.deepEqual(await stream.finalResponse(), response);
});

test("one listener a signal, however many calls and streams it ends, and no warning of Node's", async (t) => {
  const server = await serve(t, () => {});
  const client = server.client();
  const controller = new AbortController();
  const warnings = [];
  const onWarning = (warning) => warnings.push(warning);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const options = { signal: controller.signal };
  const calls = Array.from({ length: 64 }, (_, number) =>
    number % 2 ? client.getUsage({}, options) : client.streamAgent(ARGUMENTS, options).finalResponse(),
  );
  assert.equal(listeners(controller.signal), 1);
  controller.abort();
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason.constructor, APIUserAbortError);
  assert.equal(listeners(controller.signal), 0);
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
});

test("a stream that nobody reads is not kept by its signal, nor the signal by it", async (t) => {
  const server = await silent(t, (response) => {
    streaming(response);
    response.write(frame(1, "execution.started"));
  });
  const controller = new AbortController();
  await (async () => {
    await server.client().streamAgent(ARGUMENTS, { signal: controller.signal }).withResponse();
  })();
  assert.equal(listeners(controller.signal), 1);
  while (listeners(controller.signal) > 0) {
    collect();
    await new Promise(setImmediate);
  }
  await server.gone;
});

test("a signal of another make will do", async (t) => {
  const server = await silent(t);
  const foreign = new EventTarget();
  foreign.aborted = false;
  const call = server.client().getUsage({}, { signal: foreign });
  await server.arrived;
  foreign.dispatchEvent(new Event("abort"));
  await assert.rejects(call, { name: "APIUserAbortError" });
});
