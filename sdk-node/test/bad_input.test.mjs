// What is wrong with a call is told by name, in an error of the right class, and before anything is sent where that can be known.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { createServer as listen } from "node:net";
import { createServer as listenTls } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import * as sdk from "agent-platform-sdk";

import { CERTIFICATE, PRIVATE_KEY } from "./certificate.mjs";
import { API_KEY, json, serve } from "./scripted_server.mjs";

const { AgentPlatformClient, AgentPlatformError, APIConnectionError } = sdk;
const make = (options) => new AgentPlatformClient({ apiKey: API_KEY, ...options });

for (const [options, message] of [
  [{ base_url: "http://127.0.0.1:9" }, /new AgentPlatformClient has no option base_url; did you mean baseURL\?/],
  [{ baseUrl: "http://127.0.0.1:9" }, /baseUrl; did you mean baseURL\?/],
  [{ api_key: "x" }, /api_key; did you mean apiKey\?/],
  [{ max_retries: 1 }, /max_retries; did you mean maxRetries\?/],
  [{ retries: 1 }, /retries; did you mean maxRetries\?/],
  [{ timeOut: 1 }, /timeOut; did you mean timeout\?/],
  [{ headers: {} }, /headers; did you mean defaultHeaders\?/],
  [{ ca_bundel: "x" }, /ca_bundel; did you mean caBundle\?/],
  [{ colour: "x" }, /colour; it takes apiKey, baseURL, timeout, maxRetries, retryBudget, defaultHeaders, proxy, caBundle/],
  [{ apiKey: 5 }, /apiKey is a string, not of type number/],
  [{ apiKey: "pk_live_x\nSECRET" }, /API key holds a character that no key has/],
  [{ baseURL: new URL("http://127.0.0.1:9") }, /baseURL is a string, not of type object/],
  [{ baseURL: "agents.example" }, /base URL/],
  [{ baseURL: "ftp://agents.example" }, /http:\/\/ or https:\/\//],
  [{ baseURL: "http://user:SECRET@agents.example" }, /credentials/],
  [{ timeout: "60" }, /timeout is a number of milliseconds above 0, or null for none, not 60/],
  [{ timeout: 0 }, /timeout is a number of milliseconds above 0/],
  [{ timeout: NaN }, /timeout is a number of milliseconds above 0.*NaN/],
  [{ maxRetries: -1 }, /maxRetries is a whole number from 0, not -1/],
  [{ retryBudget: "no" }, /retryBudget is true or false, not no/],
  [{ defaultHeaders: "Authorization: Bearer SECRET" }, /defaultHeaders is an object, a Headers or a list of pairs, not of type string/],
  [{ defaultHeaders: 5n }, /defaultHeaders is an object, a Headers or a list of pairs, not of type bigint/],
  [{ defaultHeaders: null }, /defaultHeaders is an object, a Headers or a list of pairs, not null/],
  [{ defaultHeaders: ["Authorization: Bearer SECRET"] }, /defaultHeaders is a list of pairs of a name and a value/],
  [{ defaultHeaders: [["Authorization: Bearer SECRET"]] }, /defaultHeaders is a list of pairs of a name and a value/],
  [{ defaultHeaders: { "x-team": 1 } }, /the header x-team of defaultHeaders is a string, not number/],
  [{ defaultHeaders: { "x team": "one" } }, /"x team" is not a header's name/],
  [{ defaultHeaders: { "x-team": "one\nSECRET" } }, /the header x-team holds a character/],
  [{ proxy: "not a proxy" }, /proxy is not usable/],
  [{ caBundle: "/nowhere/ca.pem" }, /CA bundle \/nowhere\/ca\.pem is not usable/],
]) {
  test(`a client with ${Object.keys(options)[0]}: ${inspected(Object.values(options)[0])} is refused`, () => {
    assert.throws(() => make(options), (error) => {
      assert.equal(error.constructor, AgentPlatformError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.stack, /SECRET/);
      return true;
    });
  });
}

test("a client made of something else is refused", () => {
  assert.throws(() => new AgentPlatformClient("pk_test_x"), /takes its options as one object, not as a string/);
  assert.throws(() => new AgentPlatformClient(null), /takes its options as one object, not as null/);
});

const AGENT = { name: "A", system_prompt: "B" };

for (const [name, params, options, message] of [
  ["createAgent", { name: "A" }, undefined, /createAgent: system_prompt is missing/],
  ["createAgent", { ...AGENT, nmae: "A" }, undefined, /createAgent has no parameter nmae; did you mean name\?/],
  ["createAgent", { ...AGENT, systemPrompt: "B" }, undefined, /systemPrompt; did you mean system_prompt\?/],
  ["createAgent", { ...AGENT, max_tokens: 5 }, undefined, /max_tokens; did you mean max_output_tokens\?/],
  ["createAgent", { ...AGENT, name: 5 }, undefined, /createAgent: name is a string, not 5/],
  ["createAgent", { ...AGENT, name: null }, undefined, /createAgent: name is a string, not null/],
  ["createAgent", { ...AGENT, tools: "search_kb" }, undefined, /createAgent: tools is a list, not of type string/],
  ["createAgent", { ...AGENT, tools: ["search_kb", 5] }, undefined, /createAgent: tools\[1\] is a string, not 5/],
  ["createAgent", { ...AGENT, max_output_tokens: 1.5 }, undefined, /max_output_tokens is a whole number, not 1\.5/],
  ["createAgent", { ...AGENT, temperature: NaN }, undefined, /temperature is a number, not NaN/],
  ["createAgent", { ...AGENT, metadata: [] }, undefined, /metadata is an object, not a list/],
  ["createAgent", { ...AGENT, metadata: { big: 1n } }, undefined, /arguments of createAgent have no JSON form/],
  ["createApiKey", { expires_at: new Date("never") }, undefined, /expires_at is a Date or its text, not an invalid Date/],
  ["listAgents", { limit: "ten" }, undefined, /listAgents: limit is a whole number, not of type string/],
  ["searchDocuments", {}, undefined, /searchDocuments: q is missing/],
  ["getAgent", {}, undefined, /getAgent needs agent_id, a string, which is missing/],
  ["getAgent", { agent_id: "" }, undefined, /getAgent needs agent_id, a string, which is empty/],
  ["getAgent", { agent_id: 7 }, undefined, /getAgent needs agent_id, a string, which is 7/],
  ["getAgent", { agent_id: ".." }, undefined, /agent_id is "\.\."/],
  ["getAgent", "agent-1", undefined, /getAgent takes its arguments as one object, not as a string/],
  ["getUsage", { timeout: 5 }, undefined, /getUsage has no parameter timeout, but its second argument has/],
  ["getUsage", {}, { timeOut: 5 }, /the second argument of getUsage has no option timeOut; did you mean timeout\?/],
  ["getUsage", {}, { max_retries: 5 }, /max_retries; did you mean maxRetries\?/],
  ["getUsage", {}, { idempotency_key: "x" }, /idempotency_key; did you mean idempotencyKey\?/],
  ["getUsage", {}, "fast", /takes its options as one object, not as a string/],
  ["getUsage", {}, { signal: "stop" }, /signal is an AbortSignal, not of type string/],
  ["getUsage", {}, { signal: new AbortController() }, /not an AbortController: give its \.signal/],
  ["getUsage", {}, { headers: { "x-team": undefined } }, /the header x-team of headers is a string, not undefined/],
  ["getUsage", {}, { query: { deep: {} } }, /deep is sent in the query and cannot be object/],
  ["createAgent", AGENT, { idempotencyKey: "" }, /idempotency key has to be 1 to 255 characters/],
  ["createAgent", AGENT, { idempotencyKey: "a\nb" }, /idempotency key has to be .*characters that a header may hold/],
  ["createAgent", AGENT, { idempotencyKey: 5 }, /idempotencyKey is a string, not of type number/],
  ["streamAgent", { message: "Hi" }, undefined, /streamAgent needs agent_id/],
  ["streamAgent", { agent_id: "a", message: "Hi", stream: true }, undefined, /streamAgent has no parameter stream/],
  ["streamAgent", { agent_id: "a", message: "Hi" }, { signl: 1 }, /signl; did you mean signal\?/],
]) {
  test(`${name}(${inspected(params)}, ${inspected(options)}) is refused before anything is sent`, async (t) => {
    const server = await serve(t, (_, response) => json(response, 200, {}));
    const call = server.client()[name](params, options);
    await assert.rejects(name === "streamAgent" ? call.finalResponse() : call, (error) => {
      assert.equal(error.constructor, AgentPlatformError);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(server.requests.length, 0);
  });
}

function inspected(value) {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
}

test("what is undefined is as if it were not given", async (t) => {
  const server = await serve(t, (_, response) => json(response, 201, { agent_id: "agent-1" }));
  await server.client({ colour: undefined }).createAgent({ ...AGENT, model: undefined, other: undefined }, { timeOut: undefined });
  assert.deepEqual(JSON.parse(server.requests[0].body), AGENT);
});

/** A port at which every connection is treated like this. */
async function port(t, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return server.address().port;
}

test("a proxy that refuses is a connection error that says so", async (t) => {
  const refusing = await port(t, listen((socket) => socket.on("error", () => {}).once("data", () => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"))));
  const client = make({ baseURL: "https://agents.example", proxy: `http://user:SECRET@127.0.0.1:${refusing}`, maxRetries: 0 });
  await assert.rejects(client.getUsage(), (error) => {
    assert.ok(error instanceof APIConnectionError, String(error));
    assert.match(error.message, /agents\.example.*prox/);
    assert.doesNotMatch(JSON.stringify(error) + error.stack, /SECRET/);
    return true;
  });
});

test("a certificate that nobody vouches for is a connection error; a CA bundle with it is trusted", async (t) => {
  const answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n" + '{"tenant_id":"acme"}';
  const secure = await port(
    t,
    listenTls({ key: PRIVATE_KEY, cert: CERTIFICATE }, (socket) => socket.on("error", () => {}).once("data", () => socket.end(answer))).on("tlsClientError", () => {}),
  );
  const folder = await mkdtemp(join(tmpdir(), "agent-platform-"));
  t.after(() => rm(folder, { recursive: true }));
  const caBundle = join(folder, "ca.pem");
  await writeFile(caBundle, CERTIFICATE);
  const baseURL = `https://localhost:${secure}`;
  await assert.rejects(make({ baseURL, maxRetries: 0 }).getUsage(), (error) => {
    assert.ok(error instanceof APIConnectionError, String(error));
    assert.match(error.message, /certificate/i);
    return true;
  });
  assert.equal((await make({ baseURL, caBundle, maxRetries: 0 }).getUsage()).tenant_id, "acme");
});

test("a server that is not an Agent Platform is told as such", async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome to nginx!</h1>"));
  await assert.rejects(server.client().getUsage(), (error) => {
    assert.equal(error.constructor, AgentPlatformError);
    assert.match(error.message, /expected json.*text\/html/);
    return true;
  });
  await assert.rejects(server.client().streamAgent({ agent_id: "a", message: "Hi" }).finalResponse(), /expected text\/event-stream/);
});

test("a page without its rows is told as such", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, { agents: [] }));
  await assert.rejects(server.client().listAgents(), /no page of a list/);
});
