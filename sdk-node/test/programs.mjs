// The programs that the tests start: where they are, and how they are started.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A program of the workspace: where a variable says, or where Cargo puts it. */
function program(name, variable) {
  const path = process.env[variable] ?? join(root, "target/debug", name);
  assert.ok(existsSync(path), `${name} is not at ${path}: build it with \`cargo build --workspace\`, or set ${variable}`);
  return path;
}

export const server = () => program("agent-platform", "AGENT_PLATFORM_BINARY");
export const conformance = () => program("agent-platform-conformance", "AGENT_PLATFORM_CONFORMANCE");

/** Starts a program and waits until it says where it listens. */
export async function start(path, options, settings = {}) {
  const child = spawn(path, options, { stdio: ["pipe", "pipe", "pipe"], ...settings });
  const lines = [];
  const url = await new Promise((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on("line", (line) => {
        lines.push(line);
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (address !== null) resolve(address[0]);
      });
    }
    child.once("error", reject);
    child.once("exit", (status) => reject(new Error(`${path} ended with ${status}:\n${lines.join("\n")}`)));
  });
  return { child, url };
}
