// Uses the installed package once, through all of its layers: imported, required, and as a program.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// From where it is run: that is the project in which the package is installed.
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { AgentPlatformClient, APIConnectionError } = require("agent-platform-sdk");
const imported = await import(pathToFileURL(require.resolve("agent-platform-sdk").replace(/\.js$/, ".mjs")));
assert.equal(imported.AgentPlatformClient, AgentPlatformClient);

// Nobody listens there once it is closed: to reach that error, everything but a server has to work.
const listener = createServer();
await new Promise((listening) => listener.listen(0, "127.0.0.1", listening));
const baseURL = `http://127.0.0.1:${listener.address().port}`;
await new Promise((closed) => listener.close(closed));

const client = new AgentPlatformClient({ apiKey: "pk_test_x_y", baseURL, maxRetries: 0 });
await assert.rejects(client.getUsage(), (error) => error instanceof APIConnectionError && error.message.includes(baseURL));

const ran = spawnSync("npx", ["--no-install", "agent-platform-cli", "usage", "--max-retries", "0"], {
  env: { ...process.env, AGENT_PLATFORM_API_KEY: "pk_test_x_y", AGENT_PLATFORM_BASE_URL: baseURL },
  encoding: "utf8",
  shell: process.platform === "win32",
});
assert.equal(ran.status, 6, ran.stderr);
console.log(`works on Node ${process.version}, ${process.platform}-${process.arch}`);
