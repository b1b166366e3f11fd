// Builds the native module and puts it where lib/native.ts looks: `node scripts/build-native.mjs [--release]`.

import { spawnSync } from "node:child_process";
import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
// In development the whole workspace: with this package alone Cargo chooses other features for what it shares with the
// server, and builds all of that once more. A release is built for itself.
const what = process.argv.includes("--release") ? ["--release", "--package", "agent-platform-node"] : ["--workspace"];
const cargo = spawnSync("cargo", ["build", ...what, "--message-format", "json-render-diagnostics"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  maxBuffer: 64 << 20,
});
if (cargo.error !== undefined) throw cargo.error;
if (cargo.status !== 0) process.exit(cargo.status ?? 1);

// Cargo tells where the library is, whatever the target directory.
const library = cargo.stdout
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line))
  .find((message) => message.reason === "compiler-artifact" && message.target.name === "agent_platform_node")
  .filenames.find((name) => /\.(so|dylib|dll)$/.test(name));

const libc = { linux: process.report.getReport().header.glibcVersionRuntime ? "-gnu" : "-musl", win32: "-msvc" };
const target = `${process.platform}-${process.arch}${libc[process.platform] ?? ""}`;
const output = join(root, "sdk-node", `agent-platform-sdk.${target}.node`);
// Renamed into place: to write over a library that a running Node has open would crash it.
copyFileSync(library, `${output}.new`);
renameSync(`${output}.new`, output);
console.log(output);
