// Shows an agent's answer as it is written, and the tools that it uses on the way.
//
//   AGENT_PLATFORM_API_KEY=pk_live_… node streaming.mjs ["a question"]

import { AgentPlatformClient } from "agent-platform-sdk";

const client = new AgentPlatformClient();
const message = process.argv[2] ?? "How do I reset my password?";

const agent = await client.createAgent({
  name: "Streaming Agent",
  system_prompt: "You answer questions about our product, from the knowledge base only.",
  tools: ["search_kb"],
});

const stream = client.streamAgent({ agent_id: agent.agent_id, message });

for await (const event of stream) {
  switch (event.type) {
    case "tool.called":
      console.log(`[${event.name} ${JSON.stringify(event.arguments)}]`);
      break;
    case "tool.completed":
      console.log(`[done in ${event.duration_ms} ms]`);
      break;
    case "message.delta":
      process.stdout.write(event.text);
      break;
  }
}

const { tokens_used, duration_ms } = await stream.finalResponse();
console.log(`\n[${tokens_used} tokens in ${duration_ms} ms]`);
