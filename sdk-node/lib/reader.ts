// One loop over a stream.

/** What a loop reads from. */
export interface Source<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  close(): void;
}

/** What is at the end of a loop. */
export const END: IteratorResult<never, undefined> = { done: true, value: undefined };

/**
 * An iterator that closes its source whenever the loop is left. Not an `async function*`: one that waits for an event
 * could not be left before that event has come, and one that was not begun would close nothing.
 */
export function reader<T>(source: Source<T>): AsyncIterableIterator<T, undefined, undefined> {
  return {
    next: () => source.next(),
    return: () => {
      source.close();
      return Promise.resolve(END);
    },
    throw: (error: unknown) => {
      source.close();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is thrown in comes out again
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
