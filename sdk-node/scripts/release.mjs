// Lays out the npm packages of a release: the main one, and one with the native module for each platform, all of one
// version. Nothing of this is committed: names that are not published yet must not stand among our dependencies.
//
//   node scripts/release.mjs platforms                               the platforms of platforms.json, as JSON on one line
//   node scripts/release.mjs platform <name> <module.node> <folder>  <folder>/agent-platform-sdk-<name>
//   node scripts/release.mjs main <folder>                           <folder>/agent-platform-sdk, of what `build:js` made
//   node scripts/release.mjs version [tag]                           the version; fails unless the tag is v<version>

import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");
const platforms = JSON.parse(read("platforms.json"));
const main = JSON.parse(read("package.json"));

/** What is the same in all of them. */
function common() {
  const { license, author, engines } = main;
  return { version: version(), license, author, engines };
}

/** The version of the package, which is that of the Rust workspace: one number for everything that is released together. */
function version() {
  const [, cargo] = /^\[workspace\.package\]\s[^[]*?^version = "([^"]*)"/m.exec(read("../Cargo.toml"));
  if (cargo !== main.version) throw new Error(`package.json is of version ${main.version}, Cargo.toml of ${cargo}: they are released together`);
  return cargo;
}

function write(folder, manifest) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(root, "../LICENSE"), join(folder, "LICENSE"));
  console.log(folder);
}

const nameOf = (platform) => `${main.name}-${platform.name}`;

function stagePlatform(wanted, module, folder) {
  const platform = platforms.find(({ name }) => name === wanted);
  if (platform === undefined) throw new Error(`${wanted} is not in platforms.json: ${platforms.map(({ name }) => name).join(", ")}`);
  const name = nameOf(platform);
  const file = `${main.name}.${platform.name}.node`;
  const { os, cpu, libc } = platform;
  write(join(folder, name), {
    name,
    description: `The native module of ${main.name} for ${platform.name}.`,
    ...common(),
    main: file,
    files: [file],
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
  });
  copyFileSync(module, join(folder, name, file));
  writeFileSync(join(folder, name, "README.md"), `# ${name}\n\nThe native module of [${main.name}](https://www.npmjs.com/package/${main.name}) for ${platform.name}.\n`);
}

function stageMain(folder) {
  const { scripts, devDependencies, files, ...manifest } = main;
  const optionalDependencies = Object.fromEntries(platforms.map((platform) => [nameOf(platform), version()]));
  write(join(folder, main.name), { ...manifest, files: files.filter((file) => !file.endsWith(".node")), optionalDependencies });
  cpSync(join(root, "dist"), join(folder, main.name, "dist"), { recursive: true });
  copyFileSync(join(root, "README.md"), join(folder, main.name, "README.md"));
}

const [command, ...values] = process.argv.slice(2);
switch (command) {
  case "platforms":
    console.log(JSON.stringify(platforms));
    break;
  case "platform":
    stagePlatform(...values);
    break;
  case "main":
    stageMain(...values);
    break;
  case "version":
    if (values.length > 0 && values[0] !== `v${version()}`) throw new Error(`the tag ${values[0]} is not v${version()}`);
    console.log(version());
    break;
  default:
    throw new Error(`release.mjs: platforms, platform, main or version, not ${command}`);
}
