// The package as a user gets it: packed, installed in an empty project, imported, required, and type-checked.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));
const execute = promisify(execFile);

test("a packed and installed package runs under import and require, and has its types", async (t) => {
  const project = await mkdtemp(join(tmpdir(), "agent-platform-"));
  t.after(() => rm(project, { recursive: true }));
  const run = (command, ...all) => execute(command, all, { cwd: project, shell: process.platform === "win32" });
  const { stdout } = await run("npm", "pack", root, "--json", "--silent");
  const [{ filename, files }] = JSON.parse(stdout);
  assert.deepEqual(
    [...new Set(files.map(({ path }) => path.split("/")[0].replace(/.*\.node$/, "*.node")))].sort(),
    ["*.node", "README.md", "dist", "package.json"],
  );

  await writeFile(join(project, "package.json"), JSON.stringify({ name: "empty", private: true }));
  await run("npm", "install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
  const use = `
    const client = new AgentPlatformClient({ apiKey: "pk_test_x", baseURL: "http://127.0.0.1:9" });
    if (!(new NotFoundError("x") instanceof AgentPlatformError)) throw new Error("no tree");
    client.getAgent({}).catch((error) => console.log(error.name, error.message));`;
  const names = "{ AgentPlatformClient, AgentPlatformError, NotFoundError }";
  await writeFile(join(project, "esm.mjs"), `import ${names} from "agent-platform-sdk";${use}`);
  await writeFile(join(project, "cjs.cjs"), `const ${names} = require("agent-platform-sdk");${use}`);
  for (const file of ["esm.mjs", "cjs.cjs"]) {
    const ran = await run(process.execPath, file);
    assert.match(ran.stdout, /AgentPlatformError getAgent needs agent_id/);
  }

  const typed = `import ${names} from "agent-platform-sdk"; new AgentPlatformClient() satisfies object; new NotFoundError("x") satisfies AgentPlatformError;`;
  await writeFile(join(project, "esm.mts"), typed);
  await writeFile(join(project, "cjs.cts"), typed);
  const typescript = join(createRequire(import.meta.url).resolve("typescript"), "../../bin/tsc");
  const types = join(root, "node_modules/@types");
  await run(
    process.execPath, typescript, "--noEmit", "--strict", "--module", "node20", "--target", "es2022",
    "--typeRoots", types, "--types", "node", "esm.mts", "cjs.cts",
  );
});

test("import and require share one copy", async () => {
  const imported = await import("agent-platform-sdk");
  const required = createRequire(import.meta.url)("agent-platform-sdk");
  assert.equal(imported.AgentPlatformError, required.AgentPlatformError);
  // What Node itself adds to the namespace of a CommonJS module.
  const added = ["default", "module.exports", "__esModule"];
  assert.deepEqual(Object.keys(imported).filter((name) => !added.includes(name)).sort(), Object.keys(required).sort());
});

test("no declaration says any", async () => {
  const dist = join(root, "dist");
  for (const file of await readdir(dist, { recursive: true })) {
    if (!/\.d\.m?ts$/.test(file)) continue;
    const code = (await readFile(join(dist, file), "utf8")).replace(/\/\*[^]*?\*\//g, "");
    assert.doesNotMatch(code, /\bany\b/, file);
  }
});
