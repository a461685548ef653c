import { StrictMode } from 'react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import {
  SignalingProvider,
  SseDriver,
  useCall,
  useLocalMedia,
  usePeerStats,
  useSpeaking,
  type CallView,
  type LocalMedia,
  type PeerStats,
} from '../../src/index.js';
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
  speaking: ReadonlySet<string>;
  stats: PeerStats;
}

/** Somebody with a camera, in a room on the hub of this very server. */
async function renderPerson(room: string, name: string) {
  const line = new Line();
  const driver = new SseDriver({ fetch: line.fetch, retry: { base: 50, max: 200 } });
  const seen = {} as Seen;

  function Person() {
    const media = useLocalMedia({ camera: { width: 160, height: 120 } });
    const call = useCall({ room, name, media });
    const speaking = useSpeaking(call);
    const stats = usePeerStats(call, call.peers[0]?.id ?? '');
    Object.assign(seen, { call, media, speaking, stats });
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
  await expect.poll(() => seen.media.camera.on, SOON).toBe(true);
  await expect.poll(() => seen.call.status, SOON).toBe('joined');
  return { seen, line, driver, unmount: () => screen.unmount() };
}

async function renderPair() {
  const room = `https://example.com/rooms/${crypto.randomUUID()}`;
  const ada = await renderPerson(room, 'Ada');
  const bob = await renderPerson(room, 'Bob');
  for (const { seen } of [ada, bob]) {
    await expect.poll(() => seen.call.peers, SOON).toMatchObject([{ state: 'connected' }]);
    await expect.poll(() => seen.call.peers[0]?.camera, SOON).toBeTruthy();
  }
  return { room, ada, bob };
}

test('two components with a camera see each other move, after a handful of POSTs', async () => {
  const { ada, bob } = await renderPair();
  expect(ada.line.posts + bob.line.posts).toBeLessThanOrEqual(6);
  expect(ada.seen.call.peers[0]).toMatchObject({ name: 'Bob' });
  await expectMoving(() => ada.seen.call.peers[0]!.camera);
  await expectMoving(() => bob.seen.call.peers[0]!.camera);
  expect(ada.seen.call.peers[0]!.camera!.getAudioTracks()).toHaveLength(1);
});

test('a camera that is turned off and on again is negotiated with nobody', async () => {
  const { ada, bob } = await renderPair();
  const posts = ada.line.posts + bob.line.posts;
  ada.seen.media.camera.set(false);
  ada.seen.media.microphone.set(false);
  await expect
    .poll(() => bob.seen.call.peers[0]!.muted, SOON)
    .toEqual({ camera: true, microphone: true });
  ada.seen.media.camera.set(true);
  await expect.poll(() => bob.seen.call.peers[0]!.muted.camera, SOON).toBe(false);
  await expectMoving(() => bob.seen.call.peers[0]!.camera);
  expect(ada.line.posts + bob.line.posts).toBe(posts);
});

/**
 * Microphones give a steady tone. The fake one of Chromium beeps once a second, for a few
 * milliseconds: a look each 200 ms can miss every beep.
 */
function steadyMicrophones() {
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  const audio = new AudioContext();
  const spy = vi.spyOn(mediaDevices, 'getUserMedia').mockImplementation(async (constraints) => {
    const stream = await getUserMedia(constraints);
    const tone = new OscillatorNode(audio);
    const microphone = new MediaStreamAudioDestinationNode(audio);
    tone.connect(microphone);
    tone.start();
    for (const silent of stream.getAudioTracks()) {
      silent.stop();
      stream.removeTrack(silent);
      stream.addTrack(microphone.stream.getAudioTracks()[0]!);
    }
    return stream;
  });
  onTestFinished(async () => {
    spy.mockRestore();
    await audio.close();
  });
}

test('shows who speaks, and how the connection does', async () => {
  steadyMicrophones();
  const { ada, bob } = await renderPair();
  // What nobody plays is not decoded.
  const speaker = new Audio();
  speaker.srcObject = bob.seen.call.peers[0]!.camera;
  await speaker.play();
  await expect.poll(() => bob.seen.speaking.has(ada.seen.call.id!), SOON).toBe(true);
  // And each sees a sign of their own voice.
  await expect.poll(() => ada.seen.speaking.has(ada.seen.call.id!), SOON).toBe(true);
  await expect.poll(() => bob.seen.stats.quality, SOON).toBe('good');
  await expect.poll(() => bob.seen.stats.loss, SOON).toBe(0);
  ada.seen.media.microphone.set(false);
  await expect.poll(() => bob.seen.speaking.has(ada.seen.call.id!), SOON).toBe(false);
});

test('who unmounts is off the roster, and their camera is off', async () => {
  const { ada, bob } = await renderPair();
  const { camera, microphone } = bob.seen.media;
  await bob.unmount();
  await expect.poll(() => ada.seen.call.peers, SOON).toEqual([]);
  expect([camera.track!.readyState, microphone.track!.readyState]).toEqual(['ended', 'ended']);
});

test('media goes on without the hub, and who came meanwhile is found when it is back', async () => {
  const { room, ada, bob } = await renderPair();
  ada.line.away = true;
  ada.driver.reconnect();
  await expect.poll(() => ada.driver.connection.status, SOON).toBe('reconnecting');
  await expectMoving(() => ada.seen.call.peers[0]!.camera);
  await expectMoving(() => bob.seen.call.peers[0]!.camera);

  const cleo = await renderPerson(room, 'Cleo');
  await expect.poll(() => bob.seen.call.peers, SOON).toHaveLength(2);
  expect(ada.seen.call.peers).toHaveLength(1);

  ada.line.away = false;
  const names = ({ seen }: typeof ada) =>
    seen.call.peers.filter(({ state }) => state === 'connected').map(({ name }) => name);
  await expect.poll(() => names(ada), SOON).toEqual(['Bob', 'Cleo']);
  await expect.poll(() => names(cleo).toSorted(), SOON).toEqual(['Ada', 'Bob']);
  await expectMoving(() => ada.seen.call.peers[1]!.camera);
});
