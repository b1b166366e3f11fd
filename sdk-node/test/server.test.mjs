// The package against the real server, from sign-up to usage, as in the examples.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { after, before, test } from "node:test";

import * as sdk from "agent-platform-sdk";

import { root, server as binary, start } from "./programs.mjs";

let folder;
let server;
let baseURL;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-platform-"));
  const options = ["serve", "--bind", "127.0.0.1:0", "--database-url", `sqlite://${join(folder, "test.db")}`];
  ({ child: server, url: baseURL } = await start(binary(), options, { cwd: folder }));
});

after(async () => {
  if (server?.exitCode === null) {
    server.kill();
    await once(server, "exit");
  }
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** A new tenant's key and client. */
async function tenant(name, tier = "professional") {
  const anonymous = new sdk.AgentPlatformClient({ baseURL, apiKey: undefined });
  const { api_key, tenant_id } = await anonymous.signUp({ email: `owner@${name}.example`, tier });
  assert.match(api_key, /^pk_live_/);
  return { api_key, tenant_id, client: new sdk.AgentPlatformClient({ baseURL, apiKey: api_key }) };
}

const MESSAGE = "How do I reset my password?";

/** An agent with something to know. */
async function agentOf(client) {
  await client.createDocument({
    title: "Reset your password",
    content: 'If you forgot your password, open the sign-in page and choose "Forgot password?". We send you a link.',
  });
  return client.createAgent({ name: "Support Agent", system_prompt: "You are helpful.", tools: ["search_kb"] });
}

test("an agent answers from the knowledge base, and the tokens are counted", async () => {
  const { client, tenant_id } = await tenant("answers");
  const { agent_id } = await agentOf(client);
  const response = await client.executeAgent({ agent_id, message: MESSAGE });

  assert.match(response.message, /Forgot password/);
  assert.equal(response.agent_id, agent_id);
  assert.ok(response.tokens_used > 0 && response.cost > 0);
  const { usage, quota, ...rest } = await client.getUsage();
  assert.equal(rest.tenant_id, tenant_id);
  assert.equal(usage.tokens_this_month, response.tokens_used);
  assert.equal(usage.remaining_tokens, quota.max_tokens_per_month - response.tokens_used);
});

test("the same answer streamed adds up to the same text, and to a conversation that goes on", async () => {
  const { client } = await tenant("streams");
  const { agent_id } = await agentOf(client);
  const stream = client.streamAgent({ agent_id, message: MESSAGE });
  const types = new Set();
  let text = "";
  for await (const event of stream) {
    types.add(event.type);
    if (event.type === "message.delta") text += event.text;
  }
  const response = await stream.finalResponse();

  assert.deepEqual([...types], ["execution.started", "tool.called", "tool.completed", "message.delta", "execution.completed"]);
  assert.equal(text, response.message);
  assert.equal(text, (await client.executeAgent({ agent_id, message: MESSAGE })).message);
  const { conversation_id } = response;
  await client.executeAgent({ agent_id, message: "And then?", conversation_id });
  const { messages } = await client.getConversation({ conversation_id });
  assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant", "user", "assistant"]);
  assert.equal((await client.getExecution({ execution_id: response.execution_id })).status, "completed");
});

test("a stream that is left early is over for the client, and is finished and counted by the server", async () => {
  const { client } = await tenant("leaves");
  const { agent_id } = await agentOf(client);
  let execution_id;
  for await (const event of client.streamAgent({ agent_id, message: MESSAGE })) {
    if (event.type === "execution.started") ({ execution_id } = event);
    break;
  }
  // What it was charged is told by the same call that waits for it: nothing to poll for but the state.
  let execution = await client.getExecution({ execution_id });
  while (execution.status === "running") execution = await client.getExecution({ execution_id });
  assert.equal(execution.status, "completed");
});

test("an execution that has ended is streamed again, and cancelling it changes nothing", async () => {
  const { client } = await tenant("again");
  const { agent_id } = await agentOf(client);
  const events = [];
  for await (const event of client.streamAgent({ agent_id, message: MESSAGE })) events.push(event);
  const { execution_id } = events[0];
  const again = client.streamExecutionEvents({ execution_id, last_event_id: "2" });
  const rest = [];
  for await (const event of again) rest.push(event);
  assert.deepEqual(rest, events.slice(2));
  assert.deepEqual(await again.finalResponse(), events.at(-1).response);
  assert.equal((await client.cancelExecution({ execution_id })).status, "completed");
});

test("the history of usage adds up to what was used", async () => {
  const { client } = await tenant("history");
  const { agent_id } = await agentOf(client);
  const { tokens_used } = await client.executeAgent({ agent_id, message: MESSAGE });
  const { data } = await client.getUsageHistory({ from: new Date(Date.now() - 3_600_000), granularity: "hour" });
  assert.equal(data.reduce((sum, { tokens }) => sum + tokens, 0), tokens_used);
});

test("lists go through all their pages", async () => {
  const { client } = await tenant("pages");
  const names = ["one", "two", "three", "four", "five"];
  for (const name of names) await client.createAgent({ name, system_prompt: "Hello" });
  const found = [];
  for await (const agent of client.listAgents({ limit: 2 })) found.push(agent.name);
  assert.deepEqual(found.sort(), names.sort());
  assert.equal((await client.listAgents({ limit: 2 })).data.length, 2);
});

test("an agent is changed and deleted", async () => {
  const { client } = await tenant("changes");
  const { agent_id } = await client.createAgent({ name: "Before", system_prompt: "Hello", metadata: { team: "one" } });
  assert.equal((await client.updateAgent({ agent_id, name: "After" })).name, "After");
  assert.deepEqual((await client.getAgent({ agent_id })).metadata, { team: "one" });
  assert.equal(await client.deleteAgent({ agent_id }), undefined);
  await assert.rejects(client.getAgent({ agent_id }), sdk.NotFoundError);
});

test("what the server refuses is an error of its class", async () => {
  const one = await tenant("refused");
  const other = await tenant("stranger");
  const { agent_id } = await one.client.createAgent({ name: "Mine", system_prompt: "Hello" });
  const as = (apiKey) => new sdk.AgentPlatformClient({ baseURL, apiKey });

  await assert.rejects(other.client.getAgent({ agent_id }), sdk.NotFoundError);
  await assert.rejects(as("pk_live_nonsense").getUsage(), sdk.AuthenticationError);
  await assert.rejects(other.client.signUp({ email: "owner@refused.example", tier: "starter" }), sdk.ConflictError);
  await assert.rejects(one.client.createAgent({ name: "x", system_prompt: "y", tools: ["teleport"] }), (error) => {
    assert.ok(error instanceof sdk.UnprocessableEntityError);
    assert.match(error.message, /teleport/);
    assert.ok(error.request_id);
    return true;
  });
  await assert.rejects(one.client.createAgent({ name: "x", system_prompt: "y", nonsense: 1 }), /nonsense/);
  const { api_key, key_id } = await one.client.createApiKey({ name: "reader", scopes: ["read"] });
  await assert.rejects(as(api_key).createAgent({ name: "x", system_prompt: "y" }), sdk.PermissionDeniedError);
  await one.client.revokeApiKey({ key_id });
  await assert.rejects(as(api_key).getUsage(), sdk.AuthenticationError);
});

test("a tenant out of its quota is refused before any work", async () => {
  const { client } = await tenant("tiny", "starter");
  const { agent_id } = await client.createAgent({ name: "Greeter", system_prompt: "Hello" });
  const { quota } = await client.getUsage();
  let error;
  for (let call = 0; call <= quota.max_requests_per_hour && error === undefined; call++) {
    await client.executeAgent({ agent_id, message: "Hello!" }, { maxRetries: 0 }).catch((reason) => {
      error = reason;
    });
  }
  assert.equal(error?.constructor, sdk.QuotaExceededError);
  assert.equal(error.body.quota, "max_requests_per_hour");
  assert.ok(error.retry_after > 0);
});

test("the examples run as they stand", async () => {
  const { api_key } = await tenant("examples");
  const project = join(folder, "examples", "node");
  await mkdir(join(project, "node_modules"), { recursive: true });
  await symlink(join(root, "sdk-node"), join(project, "node_modules", "agent-platform-sdk"), "junction");
  await cp(join(root, "examples", "knowledge"), join(folder, "examples", "knowledge"), { recursive: true });
  const examples = (await readdir(join(root, "examples", "node"))).filter((name) => name.endsWith(".mjs"));
  const printed = {};
  for (const name of examples) {
    await cp(join(root, "examples", "node", name), join(project, name));
    const env = { ...process.env, AGENT_PLATFORM_API_KEY: api_key, AGENT_PLATFORM_BASE_URL: baseURL };
    printed[name] = (await promisify(execFile)(process.execPath, [join(project, name)], { env })).stdout;
  }
  assert.match(printed["basic_usage.mjs"], /Forgot password[^]*Tokens: \d+, for \$[\d.]+\nLeft: +999,\d+ of 1,000,000 tokens/);
  assert.match(printed["streaming.mjs"], /\[search_kb[^]*Forgot password[^]*\[\d+ tokens in \d+ ms\]/);
  assert.match(printed["error_handling.mjs"], /404[^]*422[^]*teleport[^]*Execute an agent: done/);
});
