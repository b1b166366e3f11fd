// What the caller's signal ends, and how it is let go of.

import { AgentPlatformError, APIUserAbortError } from "./error";

/** All that one signal ends. One listener a signal: where there are more than ten, Node warns of a leak. */
class Watch {
  static readonly #all = new WeakMap<AbortSignal, Watch>();
  readonly #ends = new Set<() => void>();
  readonly #signal: AbortSignal;

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  static of(signal: AbortSignal): Watch {
    const known = Watch.#all.get(signal);
    if (known !== undefined) return known;
    const watch = new Watch(signal);
    Watch.#all.set(signal, watch);
    return watch;
  }

  add(end: () => void): void {
    if (this.#ends.size === 0) this.#signal.addEventListener("abort", this.#onAbort);
    this.#ends.add(end);
  }

  /** A signal may outlive thousands of calls: nothing of them stays with it. */
  remove(end: () => void): void {
    if (this.#ends.delete(end) && this.#ends.size === 0) this.#signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    for (const end of [...this.#ends]) end();
  };
}

/** Calls `end` when the signal is used, until the function that this returns is called. */
export function onAbort(signal: AbortSignal, end: () => void): () => void {
  const watch = Watch.of(signal);
  watch.add(end);
  return () => {
    watch.remove(end);
  };
}

/** Lets go of the signals of what was collected without having ended, such as a stream that nobody has read. */
const forgotten = new FinalizationRegistry<() => void>((letGo) => {
  letGo();
});

/**
 * The same for what may be forgotten: the signal does not keep `target` alive, and is let go of when that is
 * collected. `end` must not refer to the target by itself.
 */
export function onAbortOf<T extends object>(signal: AbortSignal, target: T, end: (target: T) => void): () => void {
  const reference = new WeakRef(target);
  const letGo = onAbort(signal, () => {
    const alive = reference.deref();
    if (alive !== undefined) end(alive);
  });
  forgotten.register(target, letGo, letGo);
  return () => {
    forgotten.unregister(letGo);
    letGo();
  };
}

/** The error of a call that was ended by its signal. */
export function abortError(signal: AbortSignal | undefined): APIUserAbortError {
  return new APIUserAbortError("the call was aborted", { cause: signal?.reason as unknown });
}

/** The signal that was given, if it is one: any implementation of the standard will do. */
export function signalOf(given: unknown): AbortSignal | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "object" && "aborted" in given && "addEventListener" in given) return given as AbortSignal;
  const kind = given instanceof AbortController ? "an AbortController: give its .signal" : `of type ${typeof given}`;
  throw new AgentPlatformError(`signal is an AbortSignal, not ${kind}`);
}
