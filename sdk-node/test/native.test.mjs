// The native module: which file is looked for, and what is said when there is none.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The package in a `node_modules` of its own, without its native module. */
async function install(t) {
  const modules = join(await mkdtemp(join(tmpdir(), "agent-platform-")), "node_modules");
  t.after(() => rm(join(modules, ".."), { recursive: true }));
  const folder = join(modules, "agent-platform-sdk");
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  const run = async () => {
    const source = `try { console.log(require(${JSON.stringify(folder)})) } catch (error) { console.log(error.name + ": " + error.message) }`;
    return (await promisify(execFile)(process.execPath, ["--eval", source])).stdout;
  };
  return { modules, folder, run };
}

test("without the native module the error names platform, package and command", async (t) => {
  const { run } = await install(t);
  const stdout = await run();
  assert.match(stdout, /^AgentPlatformError: agent-platform-sdk has no native module/);
  assert.match(stdout, new RegExp(`${process.platform}-${process.arch}`));
  assert.match(stdout, /it is not installed/);
  assert.match(stdout, new RegExp(`npm install agent-platform-sdk-${process.platform}-${process.arch}[a-z-]*@\\d+\\.\\d+\\.\\d+`));
});

test("a native module that does not load says why", async (t) => {
  const { folder, run } = await install(t);
  const [built] = (await readdir(root)).filter((name) => name.endsWith(".node"));
  await writeFile(join(folder, built), "no library");
  assert.match(await run(), /it does not load: .+\. Install it with: npm install/);
});

test("the native module of a release is in a package of its own for each platform", async (t) => {
  const { modules, run } = await install(t);
  const [built] = (await readdir(root)).filter((name) => name.endsWith(".node"));
  const name = built.replace("agent-platform-sdk.", "agent-platform-sdk-").replace(".node", "");
  await mkdir(join(modules, name));
  await cp(join(root, built), join(modules, name, built));
  await writeFile(join(modules, name, "package.json"), JSON.stringify({ name, version: "0.1.0", main: built }));
  assert.match(await run(), /AgentPlatformClient/);
});
