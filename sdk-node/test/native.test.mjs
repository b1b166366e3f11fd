// The native module: which file is looked for, and what is said when there is none that fits.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";

import { explain } from "../dist/platform.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [built] = (await readdir(root)).filter((name) => name.endsWith(".node"));
const target = built.slice("agent-platform-sdk.".length, -".node".length);
const name = `agent-platform-sdk-${target}`;
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/** The package in a `node_modules` of its own, without its native module. */
async function install(t) {
  const modules = join(await mkdtemp(join(tmpdir(), "agent-platform-")), "node_modules");
  t.after(() => rm(join(modules, ".."), { recursive: true }));
  const folder = join(modules, "agent-platform-sdk");
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  const run = async () => {
    const source = `try { console.log(require(${JSON.stringify(folder)})) } catch (error) { console.log(error.name + ": " + error.message + " <- " + error.cause?.code) }`;
    return (await promisify(execFile)(process.execPath, ["--eval", source])).stdout;
  };
  /** Puts a package with these files beside it. */
  const add = async (platform, files) => {
    const other = join(modules, `agent-platform-sdk-${platform}`);
    await mkdir(other);
    for (const [file, content] of Object.entries(files)) await writeFile(join(other, file), content);
  };
  return { modules, folder, run, add };
}

test("without the native module the error names platform, package and command", async (t) => {
  const { run } = await install(t);
  const stdout = await run();
  assert.match(stdout, /^AgentPlatformError: agent-platform-sdk has no native module for /);
  assert.match(stdout, new RegExp(`for ${target} \\(Node v\\d+`));
  assert.match(stdout, new RegExp(`${name} is not installed`));
  assert.match(stdout, new RegExp(`npm install ${name}@${version} <- MODULE_NOT_FOUND`));
});

test("a native module that does not load says why", async (t) => {
  const { folder, run } = await install(t);
  await writeFile(join(folder, built), "no library");
  assert.match(await run(), new RegExp(`${name} is there and does not load, .+\\. Install it with: npm install ${name}.* <- ERR_DLOPEN_FAILED`));
});

test("the native module of a release is in a package of its own for each platform", async (t) => {
  const { run, add, modules } = await install(t);
  await add(target, { "package.json": JSON.stringify({ name, version, main: built }) });
  await cp(join(root, built), join(modules, name, built));
  assert.match(await run(), /AgentPlatformClient/);
});

test("a native module of another version is refused, with both versions", async (t) => {
  const { run, add } = await install(t);
  await add(target, { "package.json": JSON.stringify({ name, version: "0.0.9" }), "index.js": "exports.version = () => '0.0.9'" });
  assert.match(await run(), new RegExp(`agent-platform-sdk is of version ${version}, and its native module in ${name} of version 0\\.0\\.9`));
  assert.match(await run(), new RegExp(`npm install ${name}@${version}`));
});

test("a native module that is too old to tell its version is refused", async (t) => {
  const { run, add } = await install(t);
  await add(target, { "package.json": JSON.stringify({ name, version: "0.0.1" }), "index.js": "exports.NativeClient = class {}" });
  assert.match(await run(), new RegExp(`is of version ${version}, and its native module .* of version before 0\\.1\\.0`));
});

const missing = (target) => ({ target, error: Object.assign(new Error("no"), { code: "MODULE_NOT_FOUND" }) });
const broken = (target) => ({ target, error: Object.assign(new Error("ld-linux-x86-64.so.2: no such file"), { code: "ERR_DLOPEN_FAILED" }) });

test("the C library decides which package is missing", () => {
  for (const libc of ["gnu", "musl"]) {
    const said = explain({ os: "linux", arch: "arm64", libc }, [missing("linux-arm64-gnu"), missing("linux-arm64-musl")], { version });
    assert.match(said, new RegExp(`for linux-arm64-${libc} .*agent-platform-sdk-linux-arm64-${libc} is not installed.*npm install agent-platform-sdk-linux-arm64-${libc}@`));
  }
});

test("a module for the other C library is told apart from none", () => {
  const said = explain({ os: "linux", arch: "x64", libc: "musl" }, [broken("linux-x64-gnu"), missing("linux-x64-musl")], { version });
  assert.match(said, /for linux-x64-musl .*installed is agent-platform-sdk-linux-x64-gnu, for another C library.*npm install agent-platform-sdk-linux-x64-musl@/);
});

test("a platform for which there is no package is told those for which there are", () => {
  const manifest = { version, optionalDependencies: { "agent-platform-sdk-linux-x64-gnu": version, "agent-platform-sdk-darwin-arm64": version } };
  const said = explain({ os: "freebsd", arch: "x64", libc: undefined }, [missing("freebsd-x64")], manifest);
  assert.match(said, /for freebsd-x64 .*not made for this platform, but for linux-x64-gnu, darwin-arm64$/);
  assert.match(explain({ os: "darwin", arch: "arm64", libc: undefined }, [missing("darwin-arm64")], manifest), /npm install agent-platform-sdk-darwin-arm64@/);
  assert.match(explain({ os: "win32", arch: "x64", libc: undefined }, [missing("win32-x64-msvc")], { version }), /npm install agent-platform-sdk-win32-x64-msvc@/);
});
