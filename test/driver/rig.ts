import { onTestFinished } from 'vitest';
import {
  SseDriver,
  type Driver,
  type Gap,
  type SignalEvent,
  type SignalingError,
  type SseDriverOptions,
  type SubscribeOptions,
  type Topics,
} from '../../src/driver/index.js';
import { startHub, type StartHubOptions } from '../../src/testing/index.js';
import { ScriptedHub } from '../servers/ScriptedHub.js';

export const encode = (text: string) => new TextEncoder().encode(text);
export const decode = (data: Uint8Array) => new TextDecoder().decode(data);

/** A scripted hub for this test. */
export async function openScriptedHub(): Promise<ScriptedHub> {
  const hub = await ScriptedHub.start();
  onTestFinished(() => hub.close());
  return hub;
}

/** An embedded hub for this test. */
export async function openHub(options: StartHubOptions = {}) {
  const running = await startHub(options);
  onTestFinished(() => running.close());
  return running;
}

/** A driver for this test that speaks text and tries again soon. */
export function connect(options: SseDriverOptions): SseDriver {
  const driver = new SseDriver({ encoding: 'text', retry: { base: 5, max: 20 }, ...options });
  onTestFinished(() => driver.destroy());
  return driver;
}

/** What a driver reports beside its promises. */
export function logReports(driver: Driver): { gaps: Gap[]; errors: SignalingError[] } {
  const log = { gaps: [] as Gap[], errors: [] as SignalingError[] };
  driver.on('gap', (gap) => log.gaps.push(gap));
  driver.on('error', (error) => log.errors.push(error));
  return log;
}

/** Subscribes; what is heard from then on, as text. */
export async function listen(
  driver: Driver,
  topics: Topics,
  options?: SubscribeOptions,
): Promise<string[]> {
  const heard: string[] = [];
  await driver.subscribe(topics, (data) => heard.push(decode(data)), options);
  return heard;
}

/** Subscribes; the events that come from then on. */
export async function listenToEvents(driver: Driver, topics: Topics): Promise<SignalEvent[]> {
  const events: SignalEvent[] = [];
  await driver.subscribe(topics, (_, event) => events.push(event));
  return events;
}

/** Why a promise rejected. */
export function reasonOf(promise: Promise<unknown>): Promise<SignalingError> {
  return promise.then(
    () => Promise.reject(new Error('It did not reject.')),
    (reason: SignalingError) => reason,
  );
}

/** So many topics. */
export function topicsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `https://example.com/topics/${index}`);
}

/** Breaks something; resolves when the driver has lost its streams and has them again. */
export async function reopens(driver: Driver, breakIt: () => void): Promise<void> {
  const reopened = new Promise<void>((resolve) => {
    let isLost = false;
    driver.on('connection', ({ status }) => {
      isLost ||= status === 'reconnecting';
      if (isLost && status === 'open') resolve();
    });
  });
  breakIt();
  await reopened;
}
