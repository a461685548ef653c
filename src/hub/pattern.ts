/** A pattern is a row of parts. */
export type Part =
  | string
  /** A run of characters of one kind. */
  | { chars: CharacterSet; optional?: boolean; single?: boolean }
  /** One of several rows. */
  | { any: readonly (readonly Part[])[]; optional?: boolean; repeat?: boolean };

/** Longer topics are matched exactly or not at all. */
const MAX_LENGTH = 1024;

/** Characters of one kind, looked up by their code. */
export class CharacterSet {
  readonly #ascii: Uint8Array;
  readonly #source: RegExp;

  /** @param source matches one character. */
  constructor(source: RegExp) {
    this.#source = source;
    this.#ascii = Uint8Array.from({ length: 128 }, (_, code) =>
      Number(source.test(String.fromCharCode(code))),
    );
  }

  has(code: number): boolean {
    return code < 128 ? this.#ascii[code] === 1 : this.#source.test(String.fromCharCode(code));
  }
}

/** A step of a pattern: takes a character and goes on at `next`, or goes on at two steps at once. */
type Step =
  | { takes: number | CharacterSet; next: number }
  | { takes: undefined; next: number; other: number };

const ACCEPT = -1;

/**
 * A compiled pattern. It follows all positions at once ([Thompson](https://swtch.com/~rsc/regexp/regexp1.html)),
 * never by backtracking, so that no pattern, however hostile, costs more than its length times the
 * topic's.
 */
export class Pattern {
  /** What everything it matches begins with: most topics are told apart by that. */
  readonly #prefix: string;
  readonly #steps: Step[] = [];
  readonly #first: number;
  /** How many parts of it are not literal. */
  readonly variables: number;
  /** For each step, the character it was last reached at. */
  readonly #reachedAt: Int32Array;

  constructor(parts: readonly Part[]) {
    let literals = 0;
    let prefix = '';
    for (let part = parts[0]; typeof part === 'string'; part = parts[++literals]) prefix += part;
    this.#prefix = prefix;
    this.variables = countVariables(parts);
    this.#first = this.#compile(parts.slice(literals), ACCEPT);
    this.#reachedAt = new Int32Array(this.#steps.length);
  }

  /** Whether it matches all of `text`. */
  matches(text: string): boolean {
    if (text.length > MAX_LENGTH || !text.startsWith(this.#prefix)) return false;
    this.#reachedAt.fill(-1);
    let at = this.#prefix.length;
    let steps: number[] = [];
    let accepts = this.#reach(this.#first, at, steps);
    for (; at < text.length && steps.length > 0; at++) {
      const code = text.charCodeAt(at);
      const reached: number[] = [];
      accepts = false;
      for (const index of steps) {
        const { takes, next } = this.#steps[index]!;
        if (typeof takes === 'number' ? takes !== code : !takes!.has(code)) continue;
        if (this.#reach(next, at + 1, reached)) accepts = true;
      }
      steps = reached;
    }
    return accepts && at === text.length;
  }

  /** Adds the steps that take a character, from `index` on; whether the end can be reached too. */
  #reach(index: number, at: number, steps: number[]): boolean {
    if (index === ACCEPT) return true;
    if (this.#reachedAt[index] === at) return false;
    this.#reachedAt[index] = at;
    const step = this.#steps[index]!;
    if (step.takes !== undefined) {
      steps.push(index);
      return false;
    }
    const accepts = this.#reach(step.next, at, steps);
    return this.#reach(step.other, at, steps) || accepts;
  }

  /** Compiles parts that `next` follows; returns where they begin. */
  #compile(parts: readonly Part[], next: number): number {
    return parts.reduceRight<number>((next, part) => this.#compilePart(part, next), next);
  }

  #compilePart(part: Part, next: number): number {
    if (typeof part === 'string') {
      for (let at = part.length - 1; at >= 0; at--) next = this.#take(part.charCodeAt(at), next);
      return next;
    }
    const repeats = 'chars' in part ? !part.single : part.repeat;
    const loop = repeats ? this.#fork(next, next) : next;
    const begin =
      'chars' in part
        ? this.#take(part.chars, loop)
        : part.any
            .map((row) => this.#compile(row, loop))
            .reduceRight((other, row) => this.#fork(row, other));
    if (repeats) this.#steps[loop] = { takes: undefined, next: begin, other: next };
    return part.optional ? this.#fork(begin, next) : begin;
  }

  #take(takes: number | CharacterSet, next: number): number {
    return this.#steps.push({ takes, next }) - 1;
  }

  #fork(next: number, other: number): number {
    return this.#steps.push({ takes: undefined, next, other }) - 1;
  }
}

function countVariables(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    if (typeof part === 'string') return sum;
    return sum + ('any' in part ? Math.max(1, countVariables(part.any.flat())) : 1);
  }, 0);
}
