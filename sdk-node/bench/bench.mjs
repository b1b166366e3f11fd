// CPU time of a call and of a stream event, of this package beside what Node brings along:
//
//   node bench/bench.mjs                                         against a server of its own, with long streams
//   AGENT_PLATFORM_API_KEY=… node bench/bench.mjs --base-url …   against a real one
//
// Both do the same work in the same process: 64 calls at once, each parsed; events read, decoded and parsed. The
// CPU time of the process, all its threads, is what counts: the wall clock is mostly the server's.

import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

import { AgentPlatformClient } from "agent-platform-sdk";

const CALLS = 6400;
const AT_ONCE = 64;
/** Enough events either way: a stream of the own server is long. */
const STREAMS = { own: 5, real: 50 };

const { values } = parseArgs({ options: { "base-url": { type: "string" } } });
const own = values["base-url"] === undefined ? fork(new URL("server.mjs", import.meta.url)) : undefined;
const baseURL = own === undefined ? values["base-url"] : (await once(own, "message"))[0];
const apiKey = own === undefined ? process.env.AGENT_PLATFORM_API_KEY : "pk_test_bench";
if (apiKey === undefined) throw new Error("set AGENT_PLATFORM_API_KEY to a key with the scope admin");
const streams = own === undefined ? STREAMS.real : STREAMS.own;

const client = new AgentPlatformClient({ apiKey, baseURL });
const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };

/** CPU time of `work` over what it counted, in microseconds; run once before to warm up. */
async function measure(name, unit, work) {
  await work();
  const before = process.cpuUsage();
  const count = await work();
  const { user, system } = process.cpuUsage(before);
  console.log(`${name.padEnd(28)} ${((user + system) / count).toFixed(2).padStart(9)} µs of CPU ${unit}`);
}

async function atOnce(call) {
  let left = CALLS;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return CALLS;
}

const agent = await client.createAgent({ name: "Bench", system_prompt: "You answer from the knowledge base.", tools: ["search_kb"] });
const { agent_id } = agent;
const message = "How do I reset my password?";

await measure("call, agent-platform-sdk", "a call", () => atOnce(() => client.getAgent({ agent_id })));
await measure("call, fetch", "a call", () =>
  atOnce(async () => {
    const response = await fetch(`${baseURL}/agents/${agent_id}`, { headers });
    await response.json();
  }),
);

await measure("stream, agent-platform-sdk", "an event", async () => {
  let events = 0;
  for (let stream = 0; stream < streams; stream++) {
    for await (const event of client.streamAgent({ agent_id, message })) if (event.type !== "") events++;
  }
  return events;
});
await measure("stream, fetch", "an event", async () => {
  let events = 0;
  for (let stream = 0; stream < streams; stream++) {
    const response = await fetch(`${baseURL}/agents/${agent_id}/execute`, {
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
        if (data !== undefined && JSON.parse(data.slice(5)).type !== "") events++;
      }
    }
  }
  return events;
});

const source = `const before = process.cpuUsage(); require(${JSON.stringify(import.meta.dirname + "/..")});
  const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
const runs = Array.from({ length: 9 }, () => Number(execFileSync(process.execPath, ["--eval", source])));
console.log(`${"require".padEnd(28)} ${runs.sort((a, b) => a - b)[4].toFixed(2).padStart(9)} ms of CPU, median of ${runs.length}`);

await client.deleteAgent({ agent_id });
own?.disconnect();
