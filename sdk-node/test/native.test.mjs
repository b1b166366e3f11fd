// The native module: which file is looked for, and what is said when there is none.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));

test("without the native module the error names platform, package and command", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "agent-platform-"));
  t.after(() => rm(folder, { recursive: true }));
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  const source = `try { require(${JSON.stringify(folder)}) } catch (error) { console.log(error.name + ": " + error.message) }`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", source]);

  assert.match(stdout, /^AgentPlatformError: agent-platform-sdk has no native module/);
  assert.match(stdout, new RegExp(`${process.platform}-${process.arch}`));
  assert.match(stdout, new RegExp(`npm install agent-platform-sdk-${process.platform}-${process.arch}[a-z-]*@\\d+\\.\\d+\\.\\d+`));
});
