// Reads the streams of `agent-platform-conformance whole-streams`: `node whole_streams.mjs <the package's folder>`.

import { sdk } from "./client.mjs";

const client = new sdk.AgentPlatformClient();
for (let n = 0; n < Number(process.env.STREAMS); n++) {
  const stream = client.streamAgent({ agent_id: process.env.AGENT_ID, message: process.env.MESSAGE });
  const events = [];
  for await (const event of stream) events.push(event);
  process.stdout.write(`${JSON.stringify({ events, final: await stream.finalResponse() })}\n`);
}
