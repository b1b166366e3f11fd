// How results come out of the native module: under the ticket with which they were asked for, all that are ready at once.

import { AgentPlatformError } from "./error";
import { type NativeMailbox, native } from "./native";

/** Who waits for which ticket. */
const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: AgentPlatformError) => void }>();
let lastTicket = 0;
/** Made with the first result that is asked for: to load the package should cost nothing. */
let mailbox: NativeMailbox | undefined;
/** Keeps the process alive while anything is waited for: it is only there, and never fires within a life. */
let alive: NodeJS.Timeout | undefined;
const LONGEST = 0x7fff_ffff;

/** What `start` will have come to, which is given where the result goes and under which ticket. */
export function result<T>(start: (mailbox: NativeMailbox, ticket: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    mailbox ??= new native.Mailbox(settle);
    alive ??= setInterval(() => undefined, LONGEST).unref();
    const ticket = nextTicket();
    start(mailbox, ticket);
    if (waiting.size === 0) alive.ref();
    waiting.set(ticket, { resolve, reject });
  });
}

/** 32 bits, as the module counts; one that has come round and is still waited for is left out. */
function nextTicket(): number {
  do lastTicket = (lastTicket + 1) >>> 0;
  while (waiting.has(lastTicket));
  return lastTicket;
}

/** Hands results to those who wait for them. A text tells that the core panicked. */
export function settle(tickets: readonly number[], results: readonly unknown[]): void {
  for (const [index, ticket] of tickets.entries()) {
    const waiter = waiting.get(ticket);
    waiting.delete(ticket);
    const value = results[index];
    if (typeof value === "string") {
      waiter?.reject(new AgentPlatformError(`the client panicked, which is a bug in agent-platform-sdk: ${value}`));
    } else {
      waiter?.resolve(value as never);
    }
  }
  if (waiting.size === 0) alive?.unref();
}
