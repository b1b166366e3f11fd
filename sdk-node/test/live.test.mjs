// What must hold against the real server when connections break: every event of a stream once, and one execution.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "node:test";

import { conformance, root, server } from "./programs.mjs";

/** Runs a driver of openapi/conformance; its failure tells the contradictions that were found. */
async function drive(command, options, driver) {
  const env = { ...process.env, AGENT_PLATFORM_BINARY: server() };
  const path = join(root, "openapi/conformance/drivers", `${driver}.mjs`);
  await promisify(execFile)(conformance(), [command, ...options, "--", process.execPath, path, join(root, "sdk-node")], { env });
}

test("a stream that is cut after every frame is whole", () => drive("whole-streams", [], "whole_streams"));
test("a stream that is cut at random bytes is whole", () => drive("whole-streams", ["--cuts", "200", "--seed", "5"], "whole_streams"));
test("a thousand executes, of which a third of the requests and of the answers are lost, are done a thousand times", () => drive("exactly-once", [], "exactly_once"));
test("so they are when the server is killed and restarted in between", () => drive("exactly-once", ["--restarts", "2"], "exactly_once"));
