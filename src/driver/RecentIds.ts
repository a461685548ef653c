/** Remembers the latest ids, at least `size` of them and at most twice as many. */
export class RecentIds {
  size: number;
  #recent = new Map<string, number>();
  #older = new Map<string, number>();

  constructor(size: number) {
    this.size = size;
  }

  has(id: string): boolean {
    return this.#recent.has(id) || this.#older.has(id);
  }

  /** The number that was kept with `id`; `undefined` where it is not remembered. */
  get(id: string): number | undefined {
    return this.#recent.get(id) ?? this.#older.get(id);
  }

  add(id: string, note = 0): void {
    this.#recent.set(id, note);
    if (this.#recent.size < this.size) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
