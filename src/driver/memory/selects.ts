import { isTemplate } from '../../mercure/index.js';
import type { TopicSelector } from '../topics.js';

/** Whether a selector selects a topic. */
export function selects(selector: TopicSelector, topic: string): boolean {
  if (selector === topic || selector === '*') return true;
  if (typeof selector === 'string') return isTemplate(selector) && fits(selector, topic);
  if (selector.template !== undefined) return fits(selector.template, topic);
  const { URLPattern } = globalThis as { URLPattern?: new (pattern: string) => Tester };
  return selector.pattern === '*' || (!!URLPattern && new URLPattern(selector.pattern).test(topic));
}

interface Tester {
  test(url: string): boolean;
}

function fits(template: string, topic: string): boolean {
  const literals = template.split(/\{[^{}]+\}/);
  const source = literals.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('[^/?#]*')}$`).test(topic);
}
