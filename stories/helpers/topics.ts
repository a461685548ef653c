/** Whether a play function runs as a test, and not before somebody's eyes. */
export const IN_TEST_RUN = import.meta.env.MODE === 'test';

/**
 * A topic that all tabs share which show the same story. In a test run it is new every time, so that
 * runs at the same hub do not hear each other.
 */
export function storyTopic(name: string): string {
  const topic = `https://example.com/stories/${name}`;
  return IN_TEST_RUN ? `${topic}/${crypto.randomUUID()}` : topic;
}
