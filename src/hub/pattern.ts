/**
 * A pattern is a row of parts. It is matched by following all positions at once, never by
 * backtracking, so that no pattern, however hostile, costs more than its length times the topic's.
 */
export type Part =
  | string
  /** A run of characters of one kind. */
  | { chars: RegExp; optional?: boolean; single?: boolean }
  /** One of several rows. */
  | { any: readonly (readonly Part[])[]; optional?: boolean; repeat?: boolean };

/** Longer topics are matched exactly or not at all. */
const MAX_LENGTH = 4096;

/** Whether `parts` match all of `text`. */
export function matches(parts: readonly Part[], text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  return follow(parts, text, new Set([0])).has(text.length);
}

/** Where one can stand after `parts`, from where one can stand before them. */
function follow(parts: readonly Part[], text: string, starts: Set<number>): Set<number> {
  for (const part of parts) {
    if (starts.size === 0) break;
    starts = step(part, text, starts);
  }
  return starts;
}

function step(part: Part, text: string, starts: Set<number>): Set<number> {
  const ends = new Set<number>();
  if (typeof part === 'string') {
    for (const start of starts) if (text.startsWith(part, start)) ends.add(start + part.length);
    return ends;
  }
  if ('chars' in part) run(part, text, starts, ends);
  else choose(part, text, starts, ends);
  if (part.optional) for (const start of starts) ends.add(start);
  return ends;
}

function run(
  { chars, single }: Extract<Part, { chars: RegExp }>,
  text: string,
  starts: Set<number>,
  ends: Set<number>,
): void {
  for (const start of starts) {
    const limit = single ? start + 1 : text.length;
    // Where another start has been before, it has also gone on from there.
    for (let at = start; at < limit && at < text.length && !ends.has(at + 1); at++) {
      if (!chars.test(text[at]!)) break;
      ends.add(at + 1);
    }
  }
}

function choose(
  { any, repeat }: Extract<Part, { any: unknown }>,
  text: string,
  starts: Set<number>,
  ends: Set<number>,
): void {
  let fresh = starts;
  do {
    const reached = new Set<number>();
    for (const parts of any) {
      for (const end of follow(parts, text, fresh)) if (!ends.has(end)) reached.add(end);
    }
    for (const end of reached) ends.add(end);
    fresh = reached;
  } while (repeat && fresh.size > 0);
}
