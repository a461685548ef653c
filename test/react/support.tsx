import { act } from '@testing-library/react';
import { onTestFinished } from 'vitest';
import { json, type Driver, type Schema } from '../../src/index.js';
import { startHub, type RunningHub, type StartHubOptions } from '../../src/testing/index.js';

/** What is subscribed and unsubscribed from now on: `+topic`, `-topic`. */
export function logSubscriptions(driver: Driver): string[] {
  const log: string[] = [];
  driver.on('subscribe', (topic) => log.push(`+${String(topic)}`));
  driver.on('unsubscribe', (topic) => log.push(`-${String(topic)}`));
  return log;
}

/** Publishes as JSON, and lets React show what comes of it. */
export async function publish(driver: Driver, topic: string, ...values: unknown[]): Promise<void> {
  await act(async () => {
    await Promise.all(values.map((value) => driver.publish(topic, json.encode(value))));
  });
}

/** A schema as a validation library makes one. */
export function schemaOf<Output>(
  fits: (value: unknown) => value is Output,
  message: string,
): Schema<Output> {
  const validate = (value: unknown) => (fits(value) ? { value } : { issues: [{ message }] });
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

/** A hub for this test, over real HTTP. */
export async function openHub(options?: StartHubOptions): Promise<RunningHub> {
  const running = await startHub(options);
  onTestFinished(() => running.close());
  return running;
}

/** The global `fetch`, and what was sent with it: `GET`, `POST`. */
export function spyOnFetch() {
  const sent: { method: string; url: URL; headers: Headers }[] = [];
  const spy: typeof fetch = (input, init) => {
    const { method = 'GET', headers } = init!;
    sent.push({ method, url: input as URL, headers: new Headers(headers) });
    return fetch(input, init);
  };
  return { fetch: spy, sent, methods: () => sent.map(({ method }) => method) };
}
