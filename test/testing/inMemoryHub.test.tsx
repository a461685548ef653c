import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { SignalingProvider, SseDriver, useSignal } from '../../src/index.js';
import { inMemoryHub, type InMemoryHub } from '../../src/testing/index.js';
import { listen, logReports } from '../driver/rig.js';
import { describeDriver } from '../driver/suite.js';
import { DEMO_KEY, DEMO_TOKEN } from '../hub/client.js';

describeDriver(
  'SseDriver on an in-memory hub',
  async () => {
    const { url, fetch, close } = inMemoryHub();
    return { connect: () => new SseDriver({ url, fetch }), close };
  },
  { keepsIds: true, longest: 700_000 },
);

describe('an in-memory hub', () => {
  let memory: InMemoryHub;
  const drivers: SseDriver[] = [];

  const connect = () => {
    const { url, fetch } = memory;
    const retry = { base: 5, max: 20 };
    const driver = new SseDriver({ url, fetch, retry, encoding: 'text' });
    drivers.push(driver);
    return driver;
  };

  beforeEach(() => {
    memory = inMemoryHub();
  });

  afterEach(async () => {
    for (const driver of drivers.splice(0)) driver.destroy();
    await memory.close();
  });

  test.each(['cut', 'end'] as const)('whose streams are %s loses nothing', async (streams) => {
    const driver = connect();
    const reports = logReports(driver);
    const heard = await listen(driver, 'topic');
    for (const data of ['1', '2', '3']) {
      memory.hub.disrupt({ streams });
      await memory.hub.publish({ topics: ['topic'], data });
      await expect.poll(() => heard.at(-1)).toBe(data);
    }
    expect(heard).toEqual(['1', '2', '3']);
    expect(reports).toEqual({ gaps: [], errors: [] });
  });

  test('hears of those who leave', async () => {
    const driver = connect();
    await listen(driver, 'topic');
    expect(memory.hub.subscribers).toBe(1);
    driver.destroy();
    await expect.poll(() => memory.hub.subscribers).toBe(0);
  });

  test('takes tokens where it has a key', async () => {
    const { url, fetch, close } = inMemoryHub({ publisherJwt: { key: DEMO_KEY } });
    onTestFinished(close);
    const post = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const body = new URLSearchParams({ topic: 'topic' });
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    expect(await post(DEMO_TOKEN)).toBe(200);
    expect(await post(DEMO_TOKEN.slice(0, -1))).toBe(401);
  });

  test('refuses to answer what was aborted', async () => {
    const reason = new Error('Gone.');
    const controller = new AbortController();
    controller.abort(reason);
    const asked = memory.fetch(memory.url, { signal: controller.signal });
    await expect(asked).rejects.toBe(reason);
  });

  test('answers a page by a relative URL, whatever its host', async () => {
    function Latest() {
      const { data, status } = useSignal<string>('topic');
      return <p>{data ?? status}</p>;
    }
    render(
      <SignalingProvider
        url="https://example.com/.well-known/mercure"
        fetch={memory.fetch}
        encoding="text"
      >
        <Latest />
      </SignalingProvider>,
    );
    await screen.findByText('open');
    await act(() => memory.hub.publish({ topics: ['topic'], data: JSON.stringify('hello') }));
    await screen.findByText('hello');
    const response = await memory.fetch('/.well-known/mercure', {
      method: 'POST',
      body: new URLSearchParams({ topic: 'topic', data: 'x' }),
    });
    expect(response.status).toBe(200);
  });
});
