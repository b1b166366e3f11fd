// The package as a user gets it: packed, installed in an empty project, imported, required, and type-checked.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";

import { API_KEY, json, serve } from "./scripted_server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const execute = promisify(execFile);

/** An empty project, and a way to run commands in it. */
async function project(t) {
  const folder = await mkdtemp(join(tmpdir(), "agent-platform-"));
  t.after(() => rm(folder, { recursive: true }));
  const run = (command, ...all) => execute(command, all, { cwd: folder, shell: process.platform === "win32" });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const pack = async (from) => JSON.parse((await run("npm", "pack", from, "--json", "--silent")).stdout)[0];
  const install = (...what) => run("npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", ...what);
  return { folder, run, pack, install };
}

const kinds = (files) => [...new Set(files.map(({ path }) => path.split("/")[0].replace(/.*\.node$/, "*.node")))].sort();

const NAMES = "{ AgentPlatformClient, AgentPlatformError, NotFoundError }";
const USE = `
  const client = new AgentPlatformClient({ apiKey: "pk_test_x", baseURL: process.argv[2] });
  if (!(new NotFoundError("x") instanceof AgentPlatformError)) throw new Error("no tree");
  client.getUsage().then((usage) => console.log(usage.tenant_id));`;

/** Both ways to load the package, against a server. */
async function runs(t, { folder, run }) {
  const server = await serve(t, (_, response) => json(response, 200, { tenant_id: "acme" }));
  await writeFile(join(folder, "esm.mjs"), `import ${NAMES} from "agent-platform-sdk";${USE}`);
  await writeFile(join(folder, "cjs.cjs"), `const ${NAMES} = require("agent-platform-sdk");${USE}`);
  for (const file of ["esm.mjs", "cjs.cjs"]) assert.equal((await run(process.execPath, file, server.baseURL)).stdout, "acme\n");
}

test("a packed checkout runs under import and require, and has its types however they are looked for", async (t) => {
  const made = await project(t);
  const { folder, run, pack, install } = made;
  const { filename, files } = await pack(root);
  assert.deepEqual(kinds(files), ["*.node", "README.md", "dist", "package.json"]);
  await install(`./${filename}`);
  await runs(t, made);

  const typed = `
    import ${NAMES} from "agent-platform-sdk";
    import type { Agent } from "agent-platform-sdk";
    export const error: AgentPlatformError = new NotFoundError("x");
    export async function name(client: AgentPlatformClient): Promise<string> {
      const agent: Agent = await client.getAgent({ agent_id: "agent-1" });
      // @ts-expect-error -- and it is no \`any\`, which would have every field
      agent.no_such_field;
      return agent.name;
    }`;
  await writeFile(join(folder, "esm.mts"), typed);
  await writeFile(join(folder, "cjs.cts"), typed);
  const typescript = join(createRequire(import.meta.url).resolve("typescript"), "../../bin/tsc");
  const types = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
  const check = (...options) => run(process.execPath, typescript, "--noEmit", "--strict", "--target", "es2022", ...types, ...options);
  await check("--module", "node16", "esm.mts", "cjs.cts");
  await check("--module", "esnext", "--moduleResolution", "bundler", "esm.mts");
});

test("a release is a main package and one for each platform, of one version, which run together and not alone", async (t) => {
  const made = await project(t);
  const { folder, run, pack, install } = made;
  const release = (...all) => run(process.execPath, join(root, "scripts/release.mjs"), ...all);
  const [native] = (await readdir(root)).filter((name) => name.endsWith(".node"));
  const platform = native.slice("agent-platform-sdk.".length, -".node".length);
  await release("main", "npm");
  await release("platform", platform, join(root, native), "npm");
  const name = `agent-platform-sdk-${platform}`;
  const manifest = async (of) => JSON.parse(await readFile(join(folder, "npm", of, "package.json"), "utf8"));
  const [main, part] = [await manifest("agent-platform-sdk"), await manifest(name)];
  const platforms = JSON.parse((await release("platforms")).stdout).map((item) => `agent-platform-sdk-${item.name}`);
  assert.deepEqual(Object.keys(main.optionalDependencies), platforms);
  assert.deepEqual(new Set([main.version, part.version, ...Object.values(main.optionalDependencies)]).size, 1);
  assert.deepEqual([part.os, part.cpu], [[process.platform], [process.arch]]);
  assert.equal(main.devDependencies, undefined);

  const [packed, packedPart] = [await pack("./npm/agent-platform-sdk"), await pack(`./npm/${name}`)];
  assert.deepEqual(kinds(packed.files), ["LICENSE", "README.md", "dist", "package.json"]);
  assert.deepEqual(kinds(packedPart.files), ["*.node", "LICENSE", "README.md", "package.json"]);
  await install("--omit=optional", `./${packed.filename}`);
  const alone = await run(process.execPath, "--eval", `try { require("agent-platform-sdk") } catch (error) { console.log(error.message) }`);
  assert.match(alone.stdout, new RegExp(`${name} is not installed.*npm install ${name}@${main.version}`));

  await install("--omit=optional", `./${packedPart.filename}`);
  await runs(t, made);
  const { stdout } = await run(process.execPath, join("node_modules", ".bin", "agent-platform-cli"), "--version");
  assert.equal(stdout, `agent-platform-cli ${main.version}\n`);
});

test("a tag of another version is no release", async () => {
  const script = join(root, "scripts/release.mjs");
  const { stdout } = await execute(process.execPath, [script, "version"]);
  await execute(process.execPath, [script, "version", `v${stdout.trim()}`]);
  await assert.rejects(execute(process.execPath, [script, "version", "v9.9.9"]), /the tag v9\.9\.9 is not v/);
});

test("import and require share one copy", async () => {
  const imported = await import("agent-platform-sdk");
  const required = createRequire(import.meta.url)("agent-platform-sdk");
  assert.equal(imported.AgentPlatformError, required.AgentPlatformError);
  // What Node itself adds to the namespace of a CommonJS module.
  const added = ["default", "module.exports", "__esModule"];
  assert.deepEqual(Object.keys(imported).filter((name) => !added.includes(name)).sort(), Object.keys(required).sort());
});

test("agent-platform-cli runs, fails with a status, and is quiet when nobody reads", async (t) => {
  const server = await serve(t, (_, response) => json(response, 200, { data: [], has_more: false }));
  const cli = join(root, "dist/cli.js");
  const env = { ...process.env, AGENT_PLATFORM_API_KEY: API_KEY, AGENT_PLATFORM_BASE_URL: server.baseURL };
  const ran = await execute(process.execPath, [cli, "agents", "list", "--json"], { env });
  assert.equal(ran.stderr, "");
  await assert.rejects(execute(process.execPath, [cli, "run"], { env }), (error) => {
    assert.equal(error.code, 2);
    assert.match(error.stderr, /agent's id is missing/);
    return true;
  });
  const unread = spawn(process.execPath, [cli, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  unread.stdout.destroy();
  let said = "";
  unread.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  assert.deepEqual(await once(unread, "close"), [0, null]);
  assert.equal(said, "");
});

test("Ctrl-C ends agent-platform-cli as it ends any program", { skip: process.platform === "win32" }, async (t) => {
  let asked;
  const arrived = new Promise((resolve) => (asked = resolve));
  const server = await serve(t, () => asked());
  const env = { ...process.env, AGENT_PLATFORM_API_KEY: API_KEY, AGENT_PLATFORM_BASE_URL: server.baseURL };
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), "usage"], { env, stdio: "ignore" });
  await arrived;
  child.kill("SIGINT");
  // Of which a shell makes the status 130.
  assert.deepEqual(await once(child, "exit"), [null, "SIGINT"]);
});

test("no declaration says any", async () => {
  const dist = join(root, "dist");
  for (const file of await readdir(dist, { recursive: true })) {
    if (!/\.d\.m?ts$/.test(file)) continue;
    const code = (await readFile(join(dist, file), "utf8")).replace(/\/\*[^]*?\*\//g, "");
    assert.doesNotMatch(code, /\bany\b/, file);
  }
});
