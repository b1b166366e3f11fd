// CPU time of a call, of a stream event and of `require`, of this package beside openai-node and Node's own fetch:
//
//   node bench.mjs --base-url http://127.0.0.1:…      a server that answers every client the same bytes
//
// All do the same work in one process, one after the other: 64 calls at once, each parsed; the events of a stream, read,
// decoded and parsed. What counts is the CPU time of the whole process, all its threads: the wall clock is the server's.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

import OpenAI from "openai";

const require = createRequire(import.meta.url);
const sdk = join(import.meta.dirname, "..");
const { AgentPlatformClient } = require(sdk);

const AT_ONCE = 64;
const CALLS = 6400;
const EVENTS = 100_000;
const REQUIRES = 15;
/** Another process, and the compiler of the engine, can only make a round longer. */
const ROUNDS = 3;

const { values } = parseArgs({ options: { "base-url": { type: "string" } } });
const baseURL = values["base-url"] ?? process.env.AGENT_PLATFORM_BASE_URL ?? "http://localhost:8000";
const apiKey = process.env.AGENT_PLATFORM_API_KEY ?? "pk_test_bench_bench";
const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };

const client = new AgentPlatformClient({ apiKey, baseURL });
const openai = new OpenAI({ apiKey, baseURL, maxRetries: 2 });
const { agent_id } = await client.createAgent({ name: "Bench", system_prompt: "You are measured." });
const path = `/agents/${agent_id}`;
const message = String(EVENTS);

async function atOnce(call) {
  let left = CALLS;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return CALLS;
}

async function counted(events) {
  let count = 0;
  for await (const event of events) if (event.type !== "") count++;
  return count;
}

/** What one writes without a client: enough of server-sent events for this server. */
async function* fetched() {
  const response = await fetch(`${baseURL}${path}/execute`, {
    method: "POST",
    headers: { ...headers, accept: "text/event-stream" },
    body: JSON.stringify({ message }),
  });
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split("\n\n");
    text = frames.pop();
    for (const frame of frames) {
      const data = frame.split("\n").find((line) => line.startsWith("data:"));
      if (data !== undefined) yield JSON.parse(data.slice(5));
    }
  }
}

/** CPU seconds a unit of `work`, which returns how many units it did. */
async function cpu(work) {
  await work();
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const count = await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6 / count);
  }
  return best;
}

/** CPU seconds of `require` in a process of its own, the median. */
function requiring(path) {
  const source = `const before = process.cpuUsage(); require(${JSON.stringify(path)});
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1e6);`;
  const runs = Array.from({ length: REQUIRES }, () => Number(execFileSync(process.execPath, ["--eval", source])));
  return runs.sort((a, b) => a - b)[REQUIRES >> 1];
}

const MICRO = { scale: 1e6, unit: "µs" };
const MILLI = { scale: 1e3, unit: "ms" };

/** Measures these one after the other; the first is ours, which the others are compared with. */
async function table(what, { scale, unit }, contenders) {
  console.log(what);
  let ours;
  for (const [name, measure] of Object.entries(contenders)) {
    const seconds = await measure();
    ours ??= seconds;
    const figure = (seconds * scale).toFixed(2).padStart(9);
    console.log(`  ${name.padEnd(22)}${figure} ${unit}${(seconds / ours).toFixed(1).padStart(8)} ×`);
  }
}

const sseBody = { body: { message }, headers: { accept: "text/event-stream" }, stream: true };

await table(`a call, ${AT_ONCE} at once, CPU`, MICRO, {
  "agent-platform-sdk": () => cpu(() => atOnce(() => client.getAgent({ agent_id }))),
  "fetch": () => cpu(() => atOnce(async () => (await fetch(`${baseURL}${path}`, { headers })).json())),
  "openai": () => cpu(() => atOnce(() => openai.get(path))),
});
await table("an event of a stream, CPU", MICRO, {
  "agent-platform-sdk": () => cpu(() => counted(client.streamAgent({ agent_id, message }))),
  "fetch": () => cpu(() => counted(fetched())),
  "openai": () => cpu(async () => counted(await openai.post(`${path}/execute`, sseBody))),
});
await table("require, CPU", MILLI, {
  "agent-platform-sdk": () => requiring(sdk),
  "openai": () => requiring(require.resolve("openai")),
});
