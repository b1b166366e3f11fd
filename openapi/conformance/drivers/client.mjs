// The package in the folder that the command line names, and a client of it that keeps its delays instead of waiting: no
// setting of the package's own, but of the module below it.

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dist = join(resolve(process.argv[2]), "dist");
export const sdk = await import(pathToFileURL(join(dist, "index.mjs")));
const { native } = (await import(pathToFileURL(join(dist, "native.js")))).default;

const { NativeClient } = native;
native.NativeClient = class {
  constructor(settings) {
    return new NativeClient({ ...settings, recordDelays: true });
  }
};
