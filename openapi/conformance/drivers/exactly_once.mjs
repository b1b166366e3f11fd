// Makes the executes of `agent-platform-conformance exactly-once`: `node exactly_once.mjs <the package's folder>`.

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dist = join(resolve(process.argv[2]), "dist");
const { AgentPlatformClient, AgentPlatformError } = await import(pathToFileURL(join(dist, "index.mjs")));
const { native } = (await import(pathToFileURL(join(dist, "native.js")))).default;

const executes = Number(process.env.EXECUTES);
const atOnce = Number(process.env.AT_ONCE);

// Delays are kept instead of waited for: no setting of the package's own, but of the module below it.
const { NativeClient } = native;
native.NativeClient = class {
  constructor(settings) {
    return new NativeClient({ ...settings, recordDelays: true });
  }
};

const client = new AgentPlatformClient({ maxRetries: 20, retryBudget: false });
let next = 0;

async function worker() {
  while (next < executes) {
    const n = next++;
    const line = { n };
    try {
      const { execution_id, tokens_used } = await client.executeAgent({ agent_id: process.env.AGENT_ID, message: `Question ${n}` });
      Object.assign(line, { execution_id, tokens_used });
    } catch (error) {
      if (!(error instanceof AgentPlatformError)) throw error;
      Object.assign(line, { error: error.name, code: error.code ?? null, message: error.message });
    }
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

await Promise.all(Array.from({ length: atOnce }, worker));
