// Makes the executes of `agent-platform-conformance exactly-once`: `node exactly_once.mjs <the package's folder>`.

import { sdk } from "./client.mjs";

const executes = Number(process.env.EXECUTES);
const atOnce = Number(process.env.AT_ONCE);

const client = new sdk.AgentPlatformClient({ maxRetries: 20, retryBudget: false });
let next = 0;

async function worker() {
  while (next < executes) {
    const n = next++;
    const line = { n };
    try {
      const { execution_id, tokens_used } = await client.executeAgent({ agent_id: process.env.AGENT_ID, message: `Question ${n}` });
      Object.assign(line, { execution_id, tokens_used });
    } catch (error) {
      if (!(error instanceof sdk.AgentPlatformError)) throw error;
      Object.assign(line, { error: error.name, code: error.code ?? null, message: error.message });
    }
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

await Promise.all(Array.from({ length: atOnce }, worker));
