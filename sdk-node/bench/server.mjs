// A server that costs next to nothing itself, in a process of its own: one agent, and executions of many events. It
// sends its address to the process that forked it.

import { createServer } from "node:http";

const EVENTS = 20_000;

const agent = JSON.stringify({
  agent_id: "agent-1", name: "Bench", status: "active", system_prompt: "You are helpful.", tools: ["search_kb"],
  model: "builtin", max_output_tokens: 1024, temperature: null, metadata: {}, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z",
});

const frame = (id, type, data) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const frames = [];
for (let id = 1; id < EVENTS; id++) frames.push(frame(id, "message.delta", { text: "hello world" }));
frames.push(frame(EVENTS, "execution.completed", { response: { message: "" } }));
const execution = frames.join("");

const server = createServer((request, response) => {
  request.resume();
  if (request.method === "DELETE") return response.writeHead(204).end();
  const events = request.url.endsWith("/execute");
  response.writeHead(200, { "content-type": events ? "text/event-stream" : "application/json" });
  response.end(events ? execution : agent);
});
server.listen(0, "127.0.0.1", () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit());
