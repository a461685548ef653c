/** So many of the latest numbers of a publisher are remembered; older ones are refused. */
const WINDOW = 1_000;
/** So many publishers are remembered, those that were heard last. */
const PUBLISHERS = 1_000;

/** The numbers that one publisher has used on one topic. */
interface Line {
  /** All numbers up to this one count as heard. */
  floor: number;
  readonly heard: Set<number>;
}

/**
 * Recognizes what one subscription has heard before. Every publisher numbers what it seals; a number
 * may be overtaken by later ones (`keepalive` does), so the latest ones are remembered each, as the
 * anti-replay window of IPsec does ([RFC 4303 §3.4.3](https://www.rfc-editor.org/rfc/rfc4303#section-3.4.3)).
 */
export class ReplayGuard {
  readonly #lines = new Map<string, Line>();

  /** @returns whether this number is new on this line, and remembers it. */
  accept(name: string, number: number): boolean {
    const line = this.#lines.get(name) ?? { floor: 0, heard: new Set() };
    if (number <= line.floor || line.heard.has(number)) return false;
    line.heard.add(number);
    if (line.heard.size >= 2 * WINDOW) forgetOldest(line);
    this.#touch(name, line);
    return true;
  }

  /** The line that was heard longest ago makes room. */
  #touch(name: string, line: Line): void {
    this.#lines.delete(name);
    this.#lines.set(name, line);
    if (this.#lines.size <= PUBLISHERS) return;
    for (const oldest of this.#lines.keys()) {
      this.#lines.delete(oldest);
      return;
    }
  }
}

function forgetOldest(line: Line): void {
  const oldest = [...line.heard].sort((a, b) => a - b).slice(0, WINDOW);
  for (const number of oldest) line.heard.delete(number);
  line.floor = oldest[WINDOW - 1]!;
}
