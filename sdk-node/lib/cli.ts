#!/usr/bin/env node
// The program `agent-platform-cli`: the same as in the Rust and Python packages, for it is in the native module.

import { result } from "./mailbox";
import { native } from "./native";

void result<number>((mailbox, ticket) => {
  native.runCli(mailbox, ticket, process.argv.slice(2));
}).then(
  // Not only `exitCode`: a read of standard input that nobody waits for any more would keep the process.
  (status) => process.exit(status),
  (error: unknown) => {
    throw error;
  },
);
