import { matches } from './pattern.js';
import { parseUriTemplate } from './uriTemplate.js';
import { compileUrlPattern } from './urlPattern.js';

/**
 * How a selector is read: `topic` as 0.x does (exact string, URI Template), `exact` and
 * `urlpattern` as 1.0 does. `*` selects everything in all of them.
 */
export type SelectorType = 'topic' | 'exact' | 'urlpattern';

/** What a subscriber asks for, or a token allows. */
export interface Selector {
  readonly type: SelectorType;
  readonly match: string;
  /** Whether it selects nothing but the topic it spells. */
  readonly exact: boolean;
  /** The same for selectors that select the same. */
  readonly key: string;
  matches(topic: string): boolean;
}

/**
 * Makes a selector. What is relative in a URL Pattern is relative to `base`, the hub's URL.
 *
 * @throws a `TypeError` where it is no URL Pattern.
 */
export function createSelector(type: SelectorType, match: string, base: string): Selector {
  const selector = (exact: boolean, test: (topic: string) => boolean): Selector => ({
    type,
    match,
    exact,
    key: `${type} ${type === 'urlpattern' ? base : ''} ${match}`,
    matches: test,
  });
  if (match === '*') return selector(false, () => true);
  if (type === 'urlpattern') return selector(false, compileUrlPattern(match, base));
  const template = type === 'topic' && match.includes('{') ? parseUriTemplate(match) : undefined;
  if (!template) return selector(true, (topic) => topic === match);
  return selector(false, (topic) => topic === match || matches(template, topic));
}

/** Several selectors, of which one has to match. */
export class SelectorSet {
  readonly selectors: readonly Selector[];
  readonly #exact: ReadonlySet<string>;
  readonly #patterns: readonly Selector[];

  constructor(selectors: Iterable<Selector>) {
    this.selectors = [...new Map([...selectors].map((each) => [each.key, each])).values()];
    this.#exact = new Set(this.selectors.filter(({ exact }) => exact).map(({ match }) => match));
    this.#patterns = this.selectors.filter(({ exact }) => !exact);
  }

  has(topic: string): boolean {
    return this.spells(topic) || this.#patterns.some((pattern) => pattern.matches(topic));
  }

  /** Whether it names this very topic. */
  spells(topic: string): boolean {
    return this.#exact.has(topic);
  }
}
