// What the caller's signal ends, and how it is let go of.

import { AgentPlatformError, APIUserAbortError } from "./error";

/** Lets go of the signals of what was collected without having ended, such as a stream that nobody has read. */
const forgotten = new FinalizationRegistry<() => void>((letGo) => {
  letGo();
});

/**
 * Calls `onAbort` when the signal is used, until the function that this returns is called, or `target` is collected:
 * the signal may live as long as the program, and must not keep alive what it could end. `onAbort` must not refer to
 * the target by itself.
 */
export function onAbort<T extends object>(signal: AbortSignal, target: T, onAbort: (target: T) => void): () => void {
  const reference = new WeakRef(target);
  const listener = (): void => {
    const alive = reference.deref();
    if (alive !== undefined) onAbort(alive);
  };
  signal.addEventListener("abort", listener, { once: true });
  const letGo = (): void => {
    signal.removeEventListener("abort", listener);
    forgotten.unregister(listener);
  };
  forgotten.register(target, letGo, listener);
  return letGo;
}

/** The error of a call that was ended by its signal. */
export function abortError(signal: AbortSignal | undefined): APIUserAbortError {
  return new APIUserAbortError("the call was aborted", { cause: signal?.reason as unknown });
}

/** The signal that was given, if it is one: any implementation of the standard will do. */
export function signalOf(given: unknown): AbortSignal | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "object" && "aborted" in given && "addEventListener" in given) return given as AbortSignal;
  throw new AgentPlatformError(`signal is an AbortSignal, not ${kindOf(given)}; it is the .signal of an AbortController`);
}

function kindOf(given: unknown): string {
  return given instanceof AbortController ? "an AbortController" : `of type ${typeof given}`;
}
