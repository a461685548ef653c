import { isTemplate, type TopicSelector } from '../mercure/index.js';
import { SignalingError } from './SignalingError.js';

export type { TopicSelector } from '../mercure/index.js';

/** A topic or selector, or a list of them: one subscription, on one stream. */
export type Topics = TopicSelector | readonly TopicSelector[];

/** The topics of one subscription. */
export interface TopicSet {
  /** That of its topics, unless it has a past of its own. */
  readonly key: string;
  /** The same for equal topics, in whatever order. */
  readonly topics: string;
  readonly selectors: readonly TopicSelector[];
  /** Whether every selector is one topic, so that an update which names its topics can be matched. */
  readonly isExact: boolean;
  /** The cursor it begins behind. Taken away once it has caught up. */
  since?: string | undefined;
}

/**
 * Reads the topics of a subscription.
 *
 * @param caller Named by the error, such as `useSignal`.
 * @throws {@link SignalingError} `usage` where they are no topics.
 */
export function toTopicSet(topics: Topics, caller = 'subscribe'): TopicSet {
  const list: readonly unknown[] = Array.isArray(topics) ? topics : [topics];
  const keys = new Map<string, TopicSelector>();
  for (const selector of list) {
    if (!isSelector(selector)) throw noTopic(selector, caller);
    keys.set(JSON.stringify(selector), selector);
  }
  if (keys.size === 0) throw noTopic(topics, caller);
  const selectors = [...keys.values()];
  const key = [...keys.keys()].sort().join(' ');
  return { key, topics: key, selectors, isExact: selectors.every(isExact) };
}

/**
 * A subscription to these topics that begins behind `since`. It is one of its own: what it asks for
 * is no news to others on its topics.
 *
 * @throws {@link SignalingError} `usage` where `since` is no id.
 */
export function beginAt(set: TopicSet, since: string): TopicSet {
  if (typeof since !== 'string' || !/^\P{Cc}+$/u.test(since)) {
    const message = `\`since\` got ${show(since)}. It takes 'earliest' or the id of an update, without control characters.`;
    throw new SignalingError('usage', message);
  }
  // Unique among the tabs that share a connection.
  return { ...set, key: `${set.key} ${Math.random()}`, since };
}

/** @throws {@link SignalingError} `usage` where it is not one topic that can be published to. */
export function assertTopic(topic: string, caller = 'publish'): void {
  if (typeof topic !== 'string' || topic === '') throw noTopic(topic, caller);
}

/** The names of these topics, for people. */
export function namesOf({ selectors }: TopicSet): string[] {
  return selectors.map((selector) =>
    typeof selector === 'string' ? selector : Object.values(selector)[0]!,
  );
}

/** The topic of an update that came for `set`, where it can be known. */
export function topicOf(
  { selectors, isExact }: TopicSet,
  named: readonly string[] | undefined,
): string | undefined {
  if (!isExact) return named?.[0];
  if (selectors.length === 1) return selectors[0] as string;
  return named?.find((topic) => selectors.includes(topic));
}

function isExact(selector: TopicSelector): boolean {
  return typeof selector === 'string' && selector !== '*' && !isTemplate(selector);
}

function isSelector(value: unknown): value is TopicSelector {
  if (typeof value === 'string') return value !== '';
  const { template, pattern } = (value ?? {}) as Record<string, unknown>;
  const [given, other] = template === undefined ? [pattern, template] : [template, pattern];
  return typeof given === 'string' && given !== '' && other === undefined;
}

function noTopic(value: unknown, caller: string): SignalingError {
  const message = `${caller} got the topic ${show(value)}. A topic is a string that is not empty; a subscription also takes { template }, { pattern }, or a list. In a hook, null means "not now".`;
  return new SignalingError('usage', message);
}

function show(value: unknown): string {
  try {
    // What JSON leaves out or changes, such as `undefined` and NaN, has a text of its own.
    return typeof value === 'object' || typeof value === 'string'
      ? JSON.stringify(value)
      : `${value as number}`;
  } catch {
    return `a ${typeof value}`;
  }
}
