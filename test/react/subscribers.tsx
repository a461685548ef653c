import { cleanup, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SignalingProvider, SseDriver } from '../../src/index.js';
import type { ProtocolVersion } from '../../src/mercure/index.js';
import { Subscribers } from '../../stories/recipes/subscribers.example.js';
import { accessTokenFor, tokenFor } from '../../stories/recipes/subscribers.server.example.js';
import { KEY, type OpenHub, type TestHub } from '../servers/TestHub.js';

const TOPIC = 'https://example.com/rooms/1';
const retry = { base: 50, max: 200 };

/** What the recipe "Subscribers of a topic" shows, on every hub that tells who subscribes. */
export function describeSubscribers(name: string, version: ProtocolVersion, openHub: OpenHub) {
  describe(`the subscribers of a topic on ${name}`, () => {
    const { fetch } = globalThis;
    let hub: TestHub;
    /** How many lists the hub has sent; they arrive once `arrival` resolves. */
    let lists: number;
    let arrival: Promise<void> | undefined;

    beforeEach(async () => {
      hub = await openHub();
      lists = 0;
      arrival = undefined;
      // A page asks its own origin for the list: that of the hub.
      vi.stubGlobal('fetch', async (input: string | URL, init?: RequestInit) => {
        const response = await fetch(new URL(input, hub.url), init);
        if (typeof input !== 'string') return response;
        lists++;
        await arrival;
        return response;
      });
    });

    afterEach(async () => {
      cleanup();
      vi.unstubAllGlobals();
      await hub.close();
    });

    async function authorize(name: string) {
      const sign = version === '1.0' ? accessTokenFor : tokenFor;
      const token = await sign(name, TOPIC, KEY);
      return { token, subscriber: { headers: { Authorization: `Bearer ${token}` } } };
    }

    /** Somebody who only listens. */
    async function connect(name: string): Promise<SseDriver> {
      const { subscriber } = await authorize(name);
      const driver = new SseDriver({ url: hub.url, subscriber, retry });
      onTestFinished(() => driver.destroy());
      await driver.subscribe(TOPIC, () => {});
      return driver;
    }

    /** A page that shows who listens, and is one of them. */
    async function open(name: string): Promise<void> {
      const { token, subscriber } = await authorize(name);
      render(
        <StrictMode>
          <SignalingProvider url={hub.url} subscriber={subscriber} retry={retry}>
            <Subscribers topic={TOPIC} version={version} token={token} />
          </SignalingProvider>
        </StrictMode>,
      );
    }

    /** How many subscribe to the topic, as the hub knows. */
    async function countOfHub(): Promise<number> {
      const headers = await hub.authorize();
      const response = await fetch(`${hub.url}/subscriptions`, { headers });
      const { subscriptions } = await response.json();
      const selected = subscriptions.map((one: Record<string, string>) => one.topic ?? one.match);
      return selected.filter((topic: string) => topic === TOPIC).length;
    }

    const shown = () => screen.getByRole('status').textContent.split(/: |, /).slice(1).sort();

    it('are those the hub lists, and then those it announces', async () => {
      const bob = await connect('Bob');
      await open('Ada');
      await expect.poll(shown).toEqual(['Ada', 'Bob']);
      await connect('Cleo');
      await expect.poll(shown).toEqual(['Ada', 'Bob', 'Cleo']);
      bob.destroy();
      await expect.poll(shown).toEqual(['Ada', 'Cleo']);
    });

    it('include who came, and leave out who went, while the list was under way', async () => {
      const bob = await connect('Bob');
      let arrive = (): void => {};
      arrival = new Promise((resolve) => (arrive = resolve));
      await open('Ada');
      await expect.poll(() => lists).toBe(1);
      await connect('Cleo');
      await expect.poll(countOfHub).toBe(3);
      bob.destroy();
      await expect.poll(countOfHub).toBe(2);
      arrive();
      await expect.poll(shown).toEqual(['Ada', 'Cleo']);
    });

    it('are those who came back after the hub was killed', async () => {
      // The list may be asked for just when the hub has gone.
      const log = vi.spyOn(console, 'error').mockImplementation(() => {});
      onTestFinished(() => log.mockRestore());
      const bob = await connect('Bob');
      await connect('Cleo');
      await open('Ada');
      await expect.poll(shown).toEqual(['Ada', 'Bob', 'Cleo']);
      await hub.stop();
      bob.destroy();
      await hub.start();
      await expect.poll(shown).toEqual(['Ada', 'Cleo']);
    });
  });
}
