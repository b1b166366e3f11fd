// The cases of openapi/conformance, each a test: the same calls and the same judge as in Rust and Python.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";

import * as sdk from "agent-platform-sdk";

import { native } from "../dist/native.js";
import { conformance, start } from "./programs.mjs";

const API_KEY = "pk_test_conformance_SECRETSECRET";
const AT_ONCE = 32;

for (const name of Object.keys(process.env)) {
  if (/^AGENT_PLATFORM_(API_KEY|BASE_URL|LOG)$|_proxy$/i.test(name)) delete process.env[name];
}

const { child, url } = await start(conformance(), ["serve"]);
const { cases } = await (await fetch(`${url}/_cases`)).json();

// Clients that keep what they would have waited: no setting of the package's own, but of the module below it.
const { NativeClient } = native;
let made;
native.NativeClient = class {
  constructor(settings) {
    made = new NativeClient({ ...settings, recordDelays: true });
    return made;
  }
};

after(async () => {
  child.stdin.end();
  await once(child, "exit");
});

/** The options of a client or a call, in this package's names. */
const NAMES = {
  api_key: "apiKey",
  base_url: "baseURL",
  max_retries: "maxRetries",
  timeout_ms: "timeout",
  default_headers: "defaultHeaders",
  retry_budget: "retryBudget",
  idempotency_key: "idempotencyKey",
};

function named(options) {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [NAMES[name] ?? name, value]));
}

/** What came of a case. */
async function observe({ client: settings, call }, baseURL, run) {
  const seen = { language: "node", failed: 0 };
  const fill = (text) => text.replaceAll("{{base_url}}", baseURL).replaceAll("{{server}}", url).replaceAll("{{run}}", run);
  const options = { apiKey: API_KEY, baseURL, ...named(settings) };
  for (const name of ["baseURL", "proxy"]) if (options[name] !== undefined) options[name] = fill(options[name]);
  if (options.apiKey === null) delete options.apiKey;
  let client;
  let core;
  await attempt(seen, () => {
    client = new sdk.AgentPlatformClient(options);
    core = made;
  });
  for (let time = 0; client !== undefined && time < (call.times ?? 1); time++) {
    seen.error = undefined;
    await attempt(seen, () => make(client, call, seen));
  }
  seen.waits_ms = core?.delays() ?? [];
  return seen;
}

async function attempt(seen, step) {
  try {
    await step();
  } catch (error) {
    seen.failed++;
    seen.error = described(error);
  }
}

async function make(client, { operation, arguments: given, options, read = "answer", leave_after }, seen) {
  const method = operation.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  const answer = client[method](given ?? {}, named(options));
  switch (read) {
    case "answer":
      seen.value = await answer;
      break;
    case "raw": {
      const { data, status_code, request_id, retries_taken, headers } = await answer.withResponse();
      seen.value = data;
      seen.raw = { status_code, request_id, retries_taken, headers: Object.fromEntries(headers) };
      break;
    }
    case "items":
      seen.value = [];
      for await (const item of answer) seen.value.push(item);
      break;
    case "events":
      seen.events = [];
      for await (const event of answer) {
        if (seen.events.push(event) === leave_after) return;
      }
      seen.final = await answer.finalResponse();
      break;
    case "text":
      seen.text = "";
      for await (const piece of answer.textStream) seen.text += piece;
      seen.final = await answer.finalResponse();
      break;
    case "final":
      seen.final = await answer.finalResponse();
      break;
    default:
      assert.fail(`a case is read as ${read}, which this runner does not know`);
  }
}

function described(error) {
  const bases = [];
  for (let at = Object.getPrototypeOf(error.constructor); at?.name in sdk; at = Object.getPrototypeOf(at)) bases.push(at.name);
  const { status_code, code, detail, request_id, retry_after, body, partial_text, last_event_id } = error;
  return {
    class: error.constructor.name, bases, message: error.message,
    status_code, code, detail, request_id, retry_after, body, partial_text, last_event_id,
  };
}

let runs = 0;

describe("conformance", { concurrency: AT_ONCE }, () => {
  before(() => assert.ok(cases.length > 0, "the fault server has no cases"));
  for (const item of cases) {
    test(`${item.family}: ${item.name}`, { skip: item.skip?.node ?? false }, async () => {
      const run = `n${runs++}`;
      const path = `${item.name}/${run}`;
      const seen = await observe(item, `${url}/${path}`, run);
      const verdict = await fetch(`${url}/_verdict/${path}`, { method: "POST", body: JSON.stringify(seen) });
      const text = await verdict.text();
      assert.ok(verdict.ok, text);
      assert.deepEqual(JSON.parse(text).problems, [], `${item.shows}\n${text}`);
    });
  }
});
