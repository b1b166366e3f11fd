// The client in a process: its settings, the threads behind it, and how it ends.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { AgentPlatformClient } from "agent-platform-sdk";

import { API_KEY, json, serve } from "./scripted_server.mjs";

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

test("worker threads have clients of their own, and may be ended in the middle of a call", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === "/usage") json(response, 200, { tenant_id: "acme" });
  });
  const source = `
    import { parentPort, workerData } from "node:worker_threads";
    import { AgentPlatformClient } from "agent-platform-sdk";
    const client = new AgentPlatformClient(workerData);
    const usage = await client.getUsage();
    client.getAgent({ agent_id: "never-answered" }).catch(() => {});
    parentPort.postMessage(usage.tenant_id);`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(source.replace("agent-platform-sdk", import.meta.resolve("agent-platform-sdk")))}`);
  const workers = Array.from({ length: 4 }, () => new Worker(url, { workerData: { apiKey: API_KEY, baseURL: server.baseURL } }));
  const answers = await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject))));
  assert.deepEqual(answers, ["acme", "acme", "acme", "acme"]);
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.equal((await server.client().getUsage()).tenant_id, "acme");
});

test("a thousand clients made and dropped leave no threads", () => {
  const threads = () => process.report.getReport().libuv.length;
  const before = threads();
  for (let number = 0; number < 1000; number++) new AgentPlatformClient({ apiKey: API_KEY });
  assert.equal(threads(), before);
});
