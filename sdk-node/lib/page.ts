// Lists, which come in pages.

import { AgentPlatformError } from "./error";
import { APIPromise } from "./promise";

/** A page as the server sends it. */
export interface PageData<T> {
  data: T[];
  has_more: boolean;
  next_cursor?: string | null;
}

/** Asks for the page that starts at a cursor. */
export type PageSource<T> = (cursor: string) => PagePromise<T>;

/** One page. Iterating over it goes through its items and those of all pages after it. */
export class Page<T> implements AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** Whether there is another page. */
  readonly has_more: boolean;
  /** Where the next page starts. */
  readonly next_cursor: string | null;
  readonly #source: PageSource<T>;
  readonly #start: string | null;

  /** Of what the server sent, the way to the next one, and the cursor it was asked for with. The client makes these. */
  constructor(page: PageData<T>, source: PageSource<T>, start: string | null = null) {
    this.data = page.data;
    this.has_more = page.has_more;
    this.next_cursor = page.next_cursor ?? null;
    this.#source = source;
    this.#start = start;
  }

  /** The next page, or `null` after the last. */
  async getNextPage(): Promise<Page<T> | null> {
    if (!this.has_more) return null;
    // To end here would pass for the end of the list, and to go on would fetch the same page for ever.
    if (this.next_cursor === null || this.next_cursor === this.#start) {
      throw new AgentPlatformError("the server's page of a list says there is more, and not where");
    }
    return await this.#source(this.next_cursor);
  }

  /** Its items, then those of all pages after it, each fetched when it is reached. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* this.data;
    for (let page = await this.getNextPage(); page !== null; page = await page.getNextPage()) yield* page.data;
  }
}

/**
 * A promise of one page, which can also be iterated over to go through the items of all pages:
 *
 * ```ts
 * const page = await client.listAgents({ limit: 10 });
 * for await (const agent of client.listAgents()) console.log(agent.name);
 * ```
 */
export class PagePromise<T> extends APIPromise<Page<T>> implements AsyncIterable<T> {
  /** The items of this page and of all pages after it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this;
  }
}
