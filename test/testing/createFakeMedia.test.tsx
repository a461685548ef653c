import '@testing-library/jest-dom/vitest';
import { act, render, renderHook, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VideoCall } from '../../src/components/index.js';
import { MemoryDriver, SignalingProvider, useLocalMedia } from '../../src/index.js';
import {
  createFakeMedia,
  createTestSignaling,
  type FakeMedia,
  type FakeMediaOptions,
} from '../../src/testing/index.js';

let media: FakeMedia;

afterEach(() => media.remove());

async function renderMedia(options?: FakeMediaOptions, prepare?: (fake: FakeMedia) => void) {
  media = createFakeMedia(options);
  prepare?.(media);
  const { result, unmount } = renderHook(() => useLocalMedia());
  await waitFor(() => expect(result.current.camera.status).not.toBe('asking'));
  await waitFor(() => expect(result.current.microphone.status).not.toBe('asking'));
  return { local: () => result.current, unmount };
}

describe('useLocalMedia', () => {
  test('gets camera and microphone, and stops them', async () => {
    const { local, unmount } = await renderMedia();
    expect(local().camera).toMatchObject({ on: true, deviceId: 'camera' });
    expect(media.live.map(({ label }) => label)).toEqual(['Microphone', 'Camera']);
    unmount();
    expect(media.live).toEqual([]);
  });

  test.each([
    ['is refused', (fake: FakeMedia) => fake.deny('camera'), 'media-permission'],
    ['is busy', (fake: FakeMedia) => fake.occupy('camera'), 'media-busy'],
    ['is not there', (fake: FakeMedia) => fake.unplug('camera'), 'media-device'],
  ])('is told when the camera %s', async (_, prepare, code) => {
    const { local } = await renderMedia({}, prepare);
    expect(local().camera.error).toMatchObject({ code });
    expect(local().microphone.on).toBe(true);
    act(() => {
      media.allow('camera');
      media.plug('camera', 'Another camera');
      local().camera.set(true);
    });
    await waitFor(() => expect(local().camera).toMatchObject({ on: true, error: undefined }));
  });

  test('goes on with another camera when one is pulled out', async () => {
    const { local } = await renderMedia({ cameras: ['Front', 'Back'] });
    expect(local().camera.deviceId).toBe('front');
    act(() => media.unplug('camera', 'Front'));
    await waitFor(() => expect(local().camera).toMatchObject({ on: true, deviceId: 'back' }));
    act(() => media.unplug('camera'));
    await waitFor(() => expect(local().camera.error?.code).toBe('media-device'));
    act(() => media.plug('camera', 'Front'));
    await waitFor(() => expect(local().camera).toMatchObject({ on: true, deviceId: 'front' }));
  });

  test('shares a screen until the browser ends it', async () => {
    const { local } = await renderMedia();
    act(() => local().screen.start());
    await waitFor(() => expect(local().screen.on).toBe(true));
    act(() => media.end('screen'));
    expect(local().screen.on).toBe(false);
    media.occupy('screen');
    act(() => local().screen.start());
    await waitFor(() => expect(local().screen.error?.code).toBe('media-busy'));
  });
});

describe('two calls in one page', () => {
  beforeEach(() => {
    media = createFakeMedia();
  });

  test('find each other, chat, and one leaves, without an error of React', async () => {
    const onError = vi.spyOn(console, 'error');
    const signaling = createTestSignaling();
    render(
      [signaling.driver, new MemoryDriver(signaling)].map((driver, index) => (
        <SignalingProvider key={index} driver={driver}>
          <VideoCall room="room" name={['Ana', 'Bo'][index]} aria-label={`Call ${index}`} />
        </SignalingProvider>
      )),
    );
    const ana = within(screen.getByRole('region', { name: 'Call 0' }));
    const bo = within(screen.getByRole('region', { name: 'Call 1' }));
    const video = await ana.findByLabelText<HTMLVideoElement>('Video of Bo');
    expect(video.srcObject).toBeInstanceOf(MediaStream);
    await bo.findByLabelText('Video of Ana');

    await userEvent.click(bo.getByRole('button', { name: 'Chat' }));
    await userEvent.type(bo.getByRole('textbox', { name: 'Message' }), 'Hello{Enter}');
    await userEvent.click(await ana.findByRole('button', { name: /^Chat/ }));
    expect(await ana.findByText('Hello')).toBeVisible();

    await userEvent.click(bo.getByRole('button', { name: 'Leave call' }));
    await waitFor(() => expect(ana.queryByLabelText('Video of Bo')).toBeNull());
    expect(onError).not.toHaveBeenCalled();
    onError.mockRestore();
  });

  test('stay together while the hub is away', async () => {
    const signaling = createTestSignaling();
    render(
      [signaling.driver, new MemoryDriver(signaling)].map((driver, index) => (
        <SignalingProvider key={index} driver={driver}>
          <VideoCall room="room" name={['Ana', 'Bo'][index]} secret="a secret" />
        </SignalingProvider>
      )),
    );
    await screen.findByLabelText('Video of Bo');
    act(() => signaling.disconnect());
    expect(await screen.findAllByText('Reconnecting…')).toHaveLength(2);
    expect(screen.getByLabelText('Video of Bo')).toBeInTheDocument();
  });
});

test('leaves nothing of it behind', () => {
  const before = [navigator.mediaDevices, globalThis.RTCPeerConnection, globalThis.MediaStream];
  media = createFakeMedia();
  expect(navigator.mediaDevices).toBeDefined();
  expect(RTCPeerConnection).toBeDefined();
  media.remove();
  expect([navigator.mediaDevices, globalThis.RTCPeerConnection, globalThis.MediaStream]).toEqual(
    before,
  );
  expect('mediaDevices' in navigator).toBe(false);
});
