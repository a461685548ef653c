import { StrictMode, useState } from 'react';
import { expect, onTestFinished, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { SignalingProvider, SseDriver } from '../../src/index.js';
import { useCall, type CallView } from '../../src/react/useCall.js';
import { useLocalMedia, type LocalMedia } from '../../src/react/useLocalMedia.js';
import { expectMoving } from './pictures.js';

const SOON = { timeout: 15_000 };

/** The way to the hub, which can be lost. */
class Line {
  away = false;
  posts = 0;

  readonly fetch: typeof fetch = (input, init) => {
    if (this.away) return Promise.reject(new TypeError('The line is cut.'));
    if (init?.method === 'POST') this.posts++;
    return fetch(input, init);
  };
}

interface Seen {
  call: CallView;
  media: LocalMedia;
}

/** Somebody with a camera, in a room on the hub of this very server. */
async function renderPerson(room: string, name: string) {
  const line = new Line();
  const driver = new SseDriver({ fetch: line.fetch, retry: { base: 50, max: 200 } });
  const seen = {} as Seen;

  function Person() {
    const [constraints] = useState({ video: { width: 160, height: 120 }, audio: true });
    const media = useLocalMedia(constraints);
    const call = useCall({ room, name, stream: media.stream });
    Object.assign(seen, { call, media });
    return null;
  }

  const screen = await render(
    <StrictMode>
      <SignalingProvider driver={driver}>
        <Person />
      </SignalingProvider>
    </StrictMode>,
  );
  onTestFinished(async () => {
    await screen.unmount();
    driver.destroy();
  });
  await expect.poll(() => seen.media.status, SOON).toBe('live');
  await expect.poll(() => seen.call.status, SOON).toBe('joined');
  return { seen, line, driver, unmount: () => screen.unmount() };
}

async function renderPair() {
  const room = `https://example.com/rooms/${crypto.randomUUID()}`;
  const ada = await renderPerson(room, 'Ada');
  const bob = await renderPerson(room, 'Bob');
  for (const { seen } of [ada, bob]) {
    await expect.poll(() => seen.call.peers, SOON).toMatchObject([{ state: 'connected' }]);
    await expect.poll(() => seen.call.peers[0]?.stream, SOON).toBeTruthy();
  }
  return { room, ada, bob };
}

test('two components with a camera see each other move, after a handful of POSTs', async () => {
  const { ada, bob } = await renderPair();
  expect(ada.line.posts + bob.line.posts).toBeLessThanOrEqual(8);
  expect(ada.seen.call.peers[0]).toMatchObject({ name: 'Bob' });
  await expectMoving(() => ada.seen.call.peers[0]!.stream);
  await expectMoving(() => bob.seen.call.peers[0]!.stream);
  expect(ada.seen.call.peers[0]!.stream!.getAudioTracks()).toHaveLength(1);
});

test('muting is not negotiated', async () => {
  const { ada, bob } = await renderPair();
  const posts = ada.line.posts + bob.line.posts;
  ada.seen.media.setCamera(false);
  ada.seen.media.setMicrophone(false);
  await expect.poll(() => ada.seen.media.camera).toBe(false);
  ada.seen.media.setCamera(true);
  await expectMoving(() => bob.seen.call.peers[0]!.stream);
  expect(ada.line.posts + bob.line.posts).toBe(posts);
});

test('who unmounts is off the roster, and their camera is off', async () => {
  const { ada, bob } = await renderPair();
  const { stream } = bob.seen.media;
  await bob.unmount();
  await expect.poll(() => ada.seen.call.peers, SOON).toEqual([]);
  expect(stream!.getTracks().map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
});

test('media goes on without the hub, and who came meanwhile is found when it is back', async () => {
  const { room, ada, bob } = await renderPair();
  ada.line.away = true;
  ada.driver.reconnect();
  await expect.poll(() => ada.driver.connection.status, SOON).toBe('reconnecting');
  await expectMoving(() => ada.seen.call.peers[0]!.stream);
  await expectMoving(() => bob.seen.call.peers[0]!.stream);

  const cleo = await renderPerson(room, 'Cleo');
  await expect.poll(() => bob.seen.call.peers, SOON).toHaveLength(2);
  expect(ada.seen.call.peers).toHaveLength(1);

  ada.line.away = false;
  const names = ({ seen }: typeof ada) =>
    seen.call.peers.filter(({ state }) => state === 'connected').map(({ name }) => name);
  await expect.poll(() => names(ada), SOON).toEqual(['Bob', 'Cleo']);
  await expect.poll(() => names(cleo).toSorted(), SOON).toEqual(['Ada', 'Bob']);
  await expectMoving(() => ada.seen.call.peers[1]!.stream);
});
