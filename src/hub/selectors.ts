import { Pattern } from './pattern.js';
import { parseUriTemplate } from './uriTemplate.js';
import { UrlTopicPattern } from './urlPattern.js';

/**
 * How a selector is read: `topic` as 0.x does (exact string, URI Template), `exact` and
 * `urlpattern` as 1.0 does. `*` selects everything in all of them.
 */
export type SelectorType = 'topic' | 'exact' | 'urlpattern';

/** What a subscriber asks for, or a token allows. */
export interface Selector {
  readonly type: SelectorType;
  readonly match: string;
}

/** A selector that selects more than the topic it spells. */
export interface PatternSelector extends Selector {
  /** The same for patterns that select the same. */
  readonly key: string;
  /** What matching it may cost: how many parts of it are not literal. */
  readonly variables: number;
  matches(topic: string): boolean;
}

/** Whether a selector is one of 0.x. */
export function isOlder({ type }: Selector): boolean {
  return type === 'topic';
}

/**
 * Makes the pattern of a selector; `undefined` where it selects the topic it spells and no other.
 * What is relative in a URL Pattern is relative to `base`, the hub's URL.
 *
 * @throws a `TypeError` where it is no URL Pattern.
 */
export function createPattern(
  { type, match }: Selector,
  base: string,
): PatternSelector | undefined {
  const selector = { type, match, key: `${type} ${match}` };
  if (match === '*') return { ...selector, variables: 0, matches: () => true };
  if (type === 'urlpattern') {
    const pattern = new UrlTopicPattern(match, base);
    const { variables } = pattern;
    return { ...selector, variables, matches: (topic) => pattern.matches(topic) };
  }
  const parts = type === 'topic' && match.includes('{') ? parseUriTemplate(match) : undefined;
  if (!parts) return undefined;
  const pattern = new Pattern(parts);
  const { variables } = pattern;
  const matches = (topic: string) => topic === match || pattern.matches(topic);
  return { ...selector, variables, matches };
}

/** Several selectors, of which one has to match. A topic among a thousand costs little memory. */
export class SelectorSet {
  /** The topics spelled in the way of 0.x, and in that of 1.0. */
  readonly older: readonly string[];
  readonly newer: readonly string[];
  readonly patterns: readonly PatternSelector[];
  #exact: ReadonlySet<string> | undefined;

  /** @throws a `TypeError` where one is no URL Pattern. */
  constructor(selectors: Iterable<Selector>, base: string) {
    const older = new Set<string>();
    const newer = new Set<string>();
    const patterns = new Map<string, PatternSelector>();
    for (const selector of selectors) {
      const pattern = createPattern(selector, base);
      if (pattern) patterns.set(pattern.key, pattern);
      else (isOlder(selector) ? older : newer).add(selector.match);
    }
    this.older = [...older];
    this.newer = [...newer];
    this.patterns = [...patterns.values()];
  }

  *[Symbol.iterator](): Generator<Selector> {
    for (const match of this.older) yield { type: 'topic', match };
    for (const match of this.newer) yield { type: 'exact', match };
    yield* this.patterns;
  }

  has(topic: string): boolean {
    this.#exact ??= new Set([...this.older, ...this.newer]);
    return this.#exact.has(topic) || this.patterns.some((pattern) => pattern.matches(topic));
  }

  /** Frees what `has()` needs, where it will not be asked again soon. */
  compact(): void {
    this.#exact = undefined;
  }
}
