// The client in a process: its settings, the threads behind it, and how it ends.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";

import { AgentPlatformClient } from "agent-platform-sdk";

import { API_KEY, execution, frame, json, serve, signal, streaming } from "./scripted_server.mjs";

const run = promisify(execFile);

/** Runs a script in a Node of its own, which must come to its end by itself. */
function script(source, baseURL) {
  const env = { ...process.env, AGENT_PLATFORM_API_KEY: API_KEY, AGENT_PLATFORM_BASE_URL: baseURL };
  const module = `import { AgentPlatformClient } from "agent-platform-sdk";\n${source}`;
  return run(process.execPath, ["--input-type=module", "--eval", module], { env, cwd: import.meta.dirname, timeout: 20_000 });
}

test("key and server come from the environment, and a script with an idle client exits by itself", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, { tenant_id: "acme" }));
  const { stdout } = await script(
    `globalThis.client = new AgentPlatformClient();
     console.log((await client.getUsage()).tenant_id);`,
    server.baseURL,
  );
  assert.equal(stdout, "acme\n");
  assert.equal(server.requests[0].headers.authorization, `Bearer ${API_KEY}`);
});

test("requests go through the proxy that is set", async (t) => {
  const proxy = await serve(t, (_, response) => json(response, 200, { tenant_id: "behind the proxy" }));
  const client = new AgentPlatformClient({ apiKey: API_KEY, baseURL: "http://agents.example/api", proxy: proxy.baseURL });
  assert.equal((await client.getUsage()).tenant_id, "behind the proxy");
  assert.equal(proxy.requests[0].url, "http://agents.example/api/usage");
});

test("a script waits for the call in flight", async (t) => {
  const server = await serve(t, (_, response) => void setImmediate(() => json(response, 200, { tenant_id: "acme" })));
  const { stdout } = await script(`new AgentPlatformClient().getUsage().then((usage) => console.log(usage.tenant_id));`, server.baseURL);
  assert.equal(stdout, "acme\n");
});

test("process.exit with calls and streams in flight ends cleanly", async (t) => {
  const usages = [];
  const server = await serve(t, (request, response, number) => {
    if (request.url === "/usage") usages.push(response);
    // All are in flight: one call is answered, and the script leaves.
    if (number === 19) json(usages[0], 200, {});
  });
  const { stdout } = await script(
    `const client = new AgentPlatformClient({ maxRetries: 0 });
     for (let n = 0; n < 10; n++) client.streamAgent({ agent_id: "a", message: "m" }).finalResponse().catch(() => {});
     const calls = Array.from({ length: 10 }, () => client.getUsage());
     await Promise.any(calls);
     console.log("leaving");
     process.exit(0);`,
    server.baseURL,
  );
  assert.equal(stdout, "leaving\n");
});

test("a stream that nobody reads is asked for, and does not keep the script", async (t) => {
  const server = await serve(t, (_, response) => {
    streaming(response);
    response.write(frame(1, "execution.started"));
  });
  const { stdout } = await script(
    `globalThis.stream = new AgentPlatformClient().streamAgent({ agent_id: "a", message: "m" });
     process.on("exit", () => console.log(stream.status_code));`,
    server.baseURL,
  );
  assert.equal(stdout, "200\n");
  assert.equal(server.requests.length, 1);
});

test("a script waits for the event that it reads", async (t) => {
  const server = await serve(t, (_, response) => {
    streaming(response);
    response.flushHeaders();
    setImmediate(() => response.end(execution(["Hi"]).join("")));
  });
  const { stdout } = await script(
    `for await (const text of new AgentPlatformClient().streamAgent({ agent_id: "a", message: "m" }).textStream) console.log(text);`,
    server.baseURL,
  );
  assert.equal(stdout, "Hi\n");
});

test("AGENT_PLATFORM_LOG=debug tells of each attempt, and of no key", async (t) => {
  const server = await serve(t, (_, response, number) =>
    json(response, number === 0 ? 503 : 200, { tenant_id: "acme" }, { "retry-after-ms": "1" }),
  );
  const { stderr } = await script(`process.env.AGENT_PLATFORM_LOG = "debug"; await new AgentPlatformClient().getUsage();`, server.baseURL);
  assert.match(stderr, /getUsage \(attempt 1\).*503[^]*getUsage \(attempt 2\).*200/);
  assert.doesNotMatch(stderr, /SECRET/);
});

/** Workers that run this with a client each; what they post. */
function workers(count, source, server) {
  const code = `
    import { parentPort, workerData } from "node:worker_threads";
    import { AgentPlatformClient } from ${JSON.stringify(import.meta.resolve("agent-platform-sdk"))};
    const client = new AgentPlatformClient(workerData);
    ${source}`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const workerData = { apiKey: API_KEY, baseURL: server.baseURL };
  return Array.from({ length: count }, () => new Worker(url, { workerData }));
}

const message = (worker) => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));

test("worker threads call and stream at the same time, each with a client of its own", async (t) => {
  const texts = Array.from({ length: 500 }, (_, number) => `${number} `);
  const server = await serve(t, (request, response) => {
    if (request.url === "/usage") return json(response, 200, { tenant_id: "acme" });
    streaming(response);
    response.end(execution(texts).join(""));
  });
  const source = `
    const texts = async () => {
      let all = "";
      for await (const text of client.streamAgent({ agent_id: "a", message: "m" }).textStream) all += text;
      return all;
    };
    const [usages, streams] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => client.getUsage())),
      Promise.all(Array.from({ length: 5 }, texts)),
    ]);
    const error = await client.getUsage({}, { timeout: -1 }).catch((reason) => reason);
    parentPort.postMessage({ tenants: usages.map((usage) => usage.tenant_id).join(), streams, error: error.name });`;
  const answers = await Promise.all(workers(4, source, server).map(message));
  for (const { tenants, streams, error } of answers) {
    assert.equal(tenants, Array(20).fill("acme").join());
    assert.deepEqual(streams, Array(5).fill(texts.join("")));
    assert.equal(error, "AgentPlatformError");
  }
});

test("a worker that is ended in the middle of a call and of a stream takes nothing with it", async (t) => {
  const begun = [];
  const server = await serve(t, (request, response) => {
    if (request.url === "/usage") return json(response, 200, { tenant_id: "acme" });
    const gone = signal();
    begun.push(gone.promise);
    response.on("close", gone.fulfil);
    if (request.url.endsWith("/execute")) {
      streaming(response);
      response.write(execution(["first"]).slice(0, 2).join(""));
    }
  });
  const source = `
    client.getAgent({ agent_id: "never-answered" }).catch(() => {});
    const events = client.streamAgent({ agent_id: "a", message: "m" })[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    events.next().catch(() => {});
    await client.getUsage();
    parentPort.postMessage("in the middle");`;
  const running = workers(4, source, server);
  await Promise.all(running.map(message));
  await Promise.all(running.map((worker) => worker.terminate()));
  assert.equal((await server.client().getUsage()).tenant_id, "acme");
  await Promise.all(begun);
});

test("two copies of the package in one thread do not take each other's results", async (t) => {
  const server = await serve(t, (request, response) => json(response, 200, { tenant_id: request.headers["x-copy"] }));
  const require = createRequire(import.meta.url);
  const copies = [require("agent-platform-sdk")];
  // As a test runner does for each of its files; the native module stays loaded.
  for (const path of Object.keys(require.cache)) if (path.endsWith(".js")) delete require.cache[path];
  copies.push(require("agent-platform-sdk"));
  assert.notEqual(copies[0].AgentPlatformClient, copies[1].AgentPlatformClient);
  const options = (copy) => ({ apiKey: API_KEY, baseURL: server.baseURL, defaultHeaders: { "x-copy": copy } });
  const calls = copies.flatMap((copy, number) =>
    Array.from({ length: 10 }, () => new copy.AgentPlatformClient(options(`${number}`)).getUsage()),
  );
  const tenants = (await Promise.all(calls)).map((usage) => usage.tenant_id);
  assert.deepEqual(tenants, [...Array(10).fill("0"), ...Array(10).fill("1")]);
});

test("a worker has its own environment", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, {}));
  const code = `
    const { AgentPlatformClient } = require(${JSON.stringify(join(import.meta.dirname, ".."))});
    new AgentPlatformClient().getUsage().then(() => require("node:worker_threads").parentPort.postMessage("done"));`;
  const env = { AGENT_PLATFORM_API_KEY: "pk_test_worker_x", AGENT_PLATFORM_BASE_URL: server.baseURL };
  await message(new Worker(code, { eval: true, env }));
  assert.equal(server.requests[0].headers.authorization, "Bearer pk_test_worker_x");
});

test("ten thousand clients made and dropped leave nothing behind", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const make = async (count) => {
    for (let number = 0; number < count; number++) {
      new AgentPlatformClient({ apiKey: API_KEY });
      // Native memory is given back between turns of the event loop.
      if (number % 100 === 0) await new Promise(setImmediate);
    }
    collect();
    await new Promise(setImmediate);
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const threads = () => process.report.getReport().libuv.length;
  const before = { memory: await make(20_000), threads: threads() };
  const after = { memory: await make(10_000), threads: threads() };
  // Kept, ten thousand take 75 MB.
  assert.ok(after.memory - before.memory < 40, `${before.memory} MB became ${after.memory} MB`);
  assert.equal(after.threads, before.threads);
});

test("a client that was used and dropped closes its connections", async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  let open = 0;
  const server = await serve(t, (request, response) => {
    if (!request.socket.counted) {
      request.socket.counted = true;
      open++;
      request.socket.on("close", () => open--);
    }
    json(response, 200, {});
  });
  await (async () => {
    await Promise.all(Array.from({ length: 50 }, () => server.client().getUsage()));
  })();
  assert.equal(server.requests.length, 50);
  while (open > 0) {
    collect();
    await new Promise(setImmediate);
  }
});
