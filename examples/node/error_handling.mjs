// What goes wrong has a class of its own: catch what you can handle.
//
//   AGENT_PLATFORM_API_KEY=pk_live_… node error_handling.mjs

import {
  APIConnectionError,
  APIStatusError,
  AgentPlatformClient,
  NotFoundError,
  QuotaExceededError,
  UnprocessableEntityError,
} from "agent-platform-sdk";

const client = new AgentPlatformClient();

async function attempt(what, call) {
  try {
    await call();
    console.log(`${what}: done`);
  } catch (error) {
    if (error instanceof NotFoundError) {
      console.log(`${what}: 404, ${error.detail}`);
    } else if (error instanceof UnprocessableEntityError) {
      console.log(`${what}: 422`);
      for (const { pointer, detail } of error.body.errors) console.log(`  ${pointer}: ${detail}`);
    } else if (error instanceof QuotaExceededError) {
      const { quota, used, limit } = error.body;
      console.log(`${what}: 429, ${quota} is used up (${used} of ${limit}); more in ${error.retry_after} s`);
    } else if (error instanceof APIStatusError) {
      console.log(`${what}: ${error.status_code} ${error.code}, request ${error.request_id}`);
    } else if (error instanceof APIConnectionError) {
      console.log(`${what}: the server is not there, ${error.message}`);
    } else {
      throw error;
    }
  }
}

await attempt("Read an agent that is not there", () => client.getAgent({ agent_id: "agent-nobody" }));

await attempt("Create an agent with a tool that is not there", () =>
  client.createAgent({ name: "Traveller", system_prompt: "You take people places.", tools: ["teleport"] }),
);

await attempt("Execute an agent", async () => {
  const agent = await client.createAgent({ name: "Greeter", system_prompt: "You greet people." });
  // Without retries: the client would otherwise wait for a quota that comes back within two minutes.
  await client.executeAgent({ agent_id: agent.agent_id, message: "Hello!" }, { maxRetries: 0 });
});
