// Makes an agent that answers from a small knowledge base, and asks it something.
//
//   AGENT_PLATFORM_API_KEY=pk_live_… node basic_usage.mjs

import { readFile, readdir } from "node:fs/promises";

import { AgentPlatformClient } from "agent-platform-sdk";

const client = new AgentPlatformClient();

// The knowledge base: a few support articles, each added once however often this runs.
const known = new Set();
for await (const document of client.listDocuments({ limit: 100 })) known.add(document.title);

const folder = new URL("../knowledge/", import.meta.url);
for (const file of await readdir(folder)) {
  const content = await readFile(new URL(file, folder), "utf8");
  const title = content.match(/^# (.*)$/m)[1];
  if (!known.has(title)) await client.createDocument({ title, content });
}

const agent = await client.createAgent({
  name: "Support Agent",
  system_prompt: "You answer questions about our product, from the knowledge base only.",
  tools: ["search_kb"],
});

const response = await client.executeAgent({
  agent_id: agent.agent_id,
  message: "How do I reset my password?",
});

console.log(`Agent:  ${response.message}`);
console.log(`Tokens: ${response.tokens_used}, for $${response.cost}`);

const { quota, usage } = await client.getUsage();
const [left, all] = [usage.remaining_tokens, quota.max_tokens_per_month].map((tokens) => tokens.toLocaleString("en"));
console.log(`Left:   ${left} of ${all} tokens this month`);
