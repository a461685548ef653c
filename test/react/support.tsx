import { act } from '@testing-library/react';
import { json, type Driver, type Schema } from '../../src/index.js';

/** What is subscribed and unsubscribed from now on: `+topic`, `-topic`. */
export function logSubscriptions(driver: Driver): string[] {
  const log: string[] = [];
  driver.on('subscribe', (topic) => log.push(`+${topic}`));
  driver.on('unsubscribe', (topic) => log.push(`-${topic}`));
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
