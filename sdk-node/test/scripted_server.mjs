// A server on loopback that answers as a test says, and keeps what it was asked.

import { once } from "node:events";
import { createServer } from "node:http";

import { AgentPlatformClient } from "agent-platform-sdk";

/** A key of the right form, whose secret part must appear nowhere. */
export const API_KEY = "pk_test_0123456789abcdef_SECRETSECRETSECRETSECRET";

/**
 * Starts a server for one test and stops it after. `handle(request, response, number)` answers the request of that
 * number, from 0; `requests` has all of them with their bodies.
 */
export async function serve(test, handle) {
  const requests = [];
  const server = createServer(async (request, response) => {
    request.body = "";
    for await (const chunk of request.setEncoding("utf8")) request.body += chunk;
    await handle(request, response, requests.push(request) - 1);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseURL = `http://127.0.0.1:${server.address().port}`;
  const client = (options) => new AgentPlatformClient({ apiKey: API_KEY, baseURL, ...options });
  return { baseURL, requests, client };
}

/** Answers with JSON. */
export function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req-1", ...headers });
  response.end(JSON.stringify(value));
}

/** Answers with a problem document. */
export function problem(response, status, code, more = {}, headers = {}) {
  const body = { type: "about:blank", title: code, status, detail: `because of ${code}`, code, request_id: "req-1", ...more };
  json(response, status, body, { "content-type": "application/problem+json", ...headers });
}

/** The head of an answer that streams. */
export function streaming(response) {
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req-1" });
}

/** One event as it stands on the wire. */
export function frame(id, type, data = {}) {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** A whole execution that says these texts. */
export function execution(texts) {
  const ids = { execution_id: "exec-1", conversation_id: "conv-1", agent_id: "agent-1" };
  const frames = [frame(1, "execution.started", ids)];
  for (const text of texts) frames.push(frame(frames.length + 1, "message.delta", { text }));
  frames.push(frame(frames.length + 1, "execution.completed", { response: { ...ids, message: texts.join("") } }));
  return frames;
}

/** A promise and the function that fulfils it. */
export function signal() {
  let fulfil;
  const promise = new Promise((resolve) => {
    fulfil = resolve;
  });
  return { promise, fulfil };
}
