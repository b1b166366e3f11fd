// Names that a caller gives: which are known, and which was meant.

import { AgentPlatformError } from "./error";

/** No name is taken for another from which it differs by more than this. */
const FARTHEST = 3;
/** Shorter names are in too many others to mean one of them. */
const LONG_ENOUGH = 4;

/** Refuses the first name that is not known. What is `undefined` is as if it were not given. */
export function refuseUnknown(given: object, known: readonly string[], unknown: (name: string) => string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.includes(name)) continue;
    throw new AgentPlatformError(`${unknown(name)}; ${hint(name, known)}`);
  }
}

function hint(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
}

/** The one of the known names that was meant, if it is clear which. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = bare(name);
  // base_url for baseURL: the same in another language's style.
  const same = known.find((candidate) => bare(candidate) === wanted);
  if (same !== undefined) return same;
  const limit = Math.min(FARTHEST, Math.floor(wanted.length / 2));
  const close = known
    .map((candidate) => ({ candidate, distance: distance(wanted, bare(candidate)) }))
    .filter((found) => found.distance <= limit)
    .sort((a, b) => a.distance - b.distance)[0];
  if (close !== undefined) return close.candidate;
  // retries for maxRetries, max_tokens for max_output_tokens.
  return wanted.length < LONG_ENOUGH
    ? undefined
    : known.find((candidate) => isWithin(wanted, bare(candidate)) || isWithin(bare(candidate), wanted));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** How many letters have to be changed, added or dropped to make one of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 0; line < from.length; line++) {
    const next = [line + 1];
    for (let column = 0; column < to.length; column++) {
      const [above = 0, diagonal = 0, left = 0] = [row[column + 1], row[column], next[column]];
      next.push(Math.min(above + 1, left + 1, diagonal + (from[line] === to[column] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Whether the letters of `part` stand in `whole` in their order. */
function isWithin(part: string, whole: string): boolean {
  if (part.length < LONG_ENOUGH) return false;
  let found = 0;
  for (const letter of whole) if (letter === part[found]) found++;
  return found === part.length;
}
