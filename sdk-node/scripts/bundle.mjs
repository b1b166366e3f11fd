// Puts the modules of dist/ that `index.js` needs into it: to find, read and compile twenty files takes longer than to run
// them. The files stay, for `dist/cli.js` and for the tests.

import { readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const REQUIRED = /\brequire\("(\.\.?\/[^"]+)"\)/g;

/** Each module by its path without an ending, in the order in which they are first needed. */
const modules = new Map();

/** The text of a module in which what it requires of ours is named by its path in dist. */
function read(path) {
  const text = readFileSync(join(dist, `${path}.js`), "utf8").replace(/^"use strict";\n/, "");
  return text.replace(REQUIRED, (whole, relative) => {
    const wanted = posix.join(posix.dirname(path), relative);
    // What lies outside of dist is found from there, as before.
    if (wanted.startsWith("..")) return whole;
    add(wanted);
    return `$require("${wanted}")`;
  });
}

function add(path) {
  if (modules.has(path)) return;
  modules.set(path, "");
  // Under another name, for Node finds the names that can be imported by looking for `exports` in the text.
  modules.set(path, read(path).replace(/\bexports\b(?=[.,)])/g, "$exports"));
}

const index = read("index");
const functions = [...modules].map(([path, text]) => `"${path}": ($exports) => {\n${text}},\n`);
writeFileSync(
  join(dist, "index.js"),
  `"use strict";
const $modules = {
${functions.join("")}};
const $loaded = {};
function $require(path) {
  if (!(path in $loaded)) $modules[path](($loaded[path] = {}));
  return $loaded[path];
}
${index}`,
);
