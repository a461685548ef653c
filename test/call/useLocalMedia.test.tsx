import { act, renderHook, waitFor } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import { useLocalMedia } from '../../src/react/index.js';
import { createFakeMedia, type FakeMedia } from '../../src/testing/index.js';

let devices: FakeMedia;
let getUserMedia: MockInstance<MediaDevices['getUserMedia']>;

beforeEach(() => {
  devices = createFakeMedia({
    cameras: ['Camera 1', 'Camera 2'],
    microphones: ['Microphone 1', 'Microphone 2'],
  });
  getUserMedia = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
});

afterEach(() => {
  vi.unstubAllGlobals();
  devices.remove();
});

async function renderMedia(options?: Parameters<typeof useLocalMedia>[0]) {
  const { result, unmount } = renderHook(() => useLocalMedia(options));
  await waitFor(() => expect(result.current.camera.status).not.toBe('asking'));
  await waitFor(() => expect(result.current.microphone.status).not.toBe('asking'));
  await act(async () => {});
  return { media: () => result.current, unmount };
}

describe('asks', () => {
  test('for camera and microphone in one question, and lists what there is', async () => {
    const { media } = await renderMedia();
    expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({ audio: {}, video: {} });
    const [microphone, camera] = devices.live;
    expect(media().camera).toMatchObject({ on: true, status: 'on', track: camera });
    expect(media().microphone).toMatchObject({ on: true, track: microphone });
    expect(media().microphone.deviceId).toBe('microphone-1');
    expect(media().camera.devices.map(({ label }) => label)).toEqual(['Camera 1', 'Camera 2']);
  });

  test('once in StrictMode', async () => {
    const { result } = renderHook(() => useLocalMedia(), { wrapper: StrictMode });
    await waitFor(() => expect(result.current.camera.on).toBe(true));
    expect(getUserMedia).toHaveBeenCalledTimes(1);
  });

  test('for nothing that is not wanted, until it is turned on', async () => {
    const { media } = await renderMedia({ camera: { height: 720 }, microphone: false });
    expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({ video: { height: 720 } });
    expect(media().microphone).toMatchObject({ on: false, status: 'off', track: null });
    act(() => media().microphone.set(true));
    await waitFor(() => expect(media().microphone.on).toBe(true));
  });

  test('for each alone where both cannot be had', async () => {
    devices.unplug('camera');
    const { media } = await renderMedia();
    expect(media().microphone.on).toBe(true);
    expect(media().camera).toMatchObject({ status: 'error', error: { code: 'media-device' } });
  });

  test('nobody on a server', () => {
    const Page = () => <p>{useLocalMedia().camera.status}</p>;
    expect(renderToString(<Page />)).toBe('<p>off</p>');
    expect(getUserMedia).not.toHaveBeenCalled();
  });
});

describe('stops', () => {
  test('every track when it unmounts', async () => {
    const { media, unmount } = await renderMedia();
    act(() => media().screen.start());
    await waitFor(() => expect(media().screen.on).toBe(true));
    unmount();
    expect(devices.live).toEqual([]);
  });

  test('what is granted only after it has unmounted', async () => {
    let grant!: () => void;
    const granted = new Promise<void>((resolve) => (grant = resolve));
    getUserMedia.mockImplementationOnce(async (constraints) => {
      await granted;
      return navigator.mediaDevices.getUserMedia(constraints);
    });
    const { unmount } = renderHook(() => useLocalMedia({ microphone: false }));
    await waitFor(() => expect(getUserMedia).toHaveBeenCalled());
    unmount();
    grant();
    const stream = await getUserMedia.mock.results[0]!.value;
    expect(stream.getTracks()).toHaveLength(1);
    await waitFor(() => expect(devices.live).toEqual([]));
  });
});

describe('a camera', () => {
  test('that is off is stopped, so that its light is off', async () => {
    const { media } = await renderMedia();
    act(() => media().camera.set(false));
    expect(media().camera).toMatchObject({ on: false, status: 'off', track: null, stream: null });
    expect(devices.live.map(({ kind }) => kind)).toEqual(['audio']);
    act(() => media().camera.set(true));
    await waitFor(() => expect(media().camera.on).toBe(true));
    expect(getUserMedia).toHaveBeenLastCalledWith({
      video: { deviceId: { ideal: 'camera-1' } },
    });
  });

  test('is changed without the microphone', async () => {
    const { media } = await renderMedia();
    const { microphone } = media();
    act(() => media().camera.select('camera-2'));
    await waitFor(() => expect(media().camera).toMatchObject({ on: true, deviceId: 'camera-2' }));
    expect(media().microphone.track).toBe(microphone.track);
    expect(devices.live).toHaveLength(2);
  });

  test('is chosen while it is off, and used when it is turned on', async () => {
    const { media } = await renderMedia({ camera: false });
    act(() => media().camera.select('camera-2'));
    expect(getUserMedia).toHaveBeenCalledTimes(1);
    act(() => media().camera.set(true));
    await waitFor(() => expect(media().camera).toMatchObject({ on: true, deviceId: 'camera-2' }));
  });
});

test('a microphone that is off is muted, and back at once', async () => {
  const { media } = await renderMedia();
  const { track } = media().microphone;
  act(() => media().microphone.set(false));
  expect(media().microphone).toMatchObject({ on: false, status: 'off', track });
  expect(track).toMatchObject({ enabled: false, readyState: 'live' });
  act(() => media().microphone.set(true));
  expect(media().microphone).toMatchObject({ on: true, track });
  expect(getUserMedia).toHaveBeenCalledTimes(1);
});

describe('a track that is processed', () => {
  test('is sent in place of the one of the camera, until neither is', async () => {
    const { media } = await renderMedia();
    const blur = vi.fn((track: MediaStreamTrack, _signal: AbortSignal) => track.clone());
    await act(async () => media().camera.process(blur));
    const blurred: MediaStreamTrack = blur.mock.results[0]!.value;
    await waitFor(() => expect(media().camera.track).toBe(blurred));
    const [captured, signal] = blur.mock.calls[0]!;
    expect(media().camera).toMatchObject({ on: true, deviceId: 'camera-1' });
    expect(captured.readyState).toBe('live');

    await act(async () => media().camera.process(null));
    expect(signal.aborted).toBe(true);
    expect([captured.readyState, blurred.readyState]).toEqual(['ended', 'ended']);
    await waitFor(() =>
      expect(media().camera).toMatchObject({ on: true, track: devices.live.at(-1) }),
    );
  });

  test('is not sent where the camera was turned off meanwhile', async () => {
    const { media } = await renderMedia();
    const blurred = media().camera.track!.clone();
    let finish = (_track: MediaStreamTrack) => {};
    const pending = new Promise<MediaStreamTrack>((resolve) => (finish = resolve));
    await act(async () => media().camera.process(() => pending));
    act(() => media().camera.set(false));
    await act(async () => finish(blurred));
    expect(media().camera).toMatchObject({ on: false, track: null });
    expect(blurred.readyState).toBe('ended');
    expect(devices.live.filter(({ kind }) => kind === 'video')).toEqual([]);
  });

  test('that fails is an error of the camera, whose light is off', async () => {
    const { media } = await renderMedia();
    const cause = new Error('No model.');
    await act(async () => media().camera.process(() => Promise.reject(cause)));
    await waitFor(() =>
      expect(media().camera).toMatchObject({ status: 'error', error: { code: 'handler', cause } }),
    );
    expect(devices.live.filter(({ kind }) => kind === 'video')).toEqual([]);
    await act(async () => media().camera.process(null));
    await act(async () => media().camera.set(true));
    expect(media().camera).toMatchObject({ on: true, error: undefined });
  });
});

describe('speakers', () => {
  test('are listed where a page may choose one, and chosen without asking for anything', async () => {
    const loud = { deviceId: 'loud', kind: 'audiooutput', label: 'Loud', groupId: '' } as const;
    const enumerated = vi.spyOn(navigator.mediaDevices, 'enumerateDevices');
    enumerated.mockResolvedValue([{ ...loud, toJSON: () => loud }]);
    const { media } = await renderMedia();
    expect(media().speaker.devices).toEqual([]);

    Object.assign(HTMLMediaElement.prototype, { setSinkId: async () => {} });
    await act(async () => void navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    Reflect.deleteProperty(HTMLMediaElement.prototype, 'setSinkId');
    expect(media().speaker.devices.map(({ deviceId }) => deviceId)).toEqual(['loud']);
    act(() => media().speaker.select('loud'));
    expect(media().speaker.deviceId).toBe('loud');
    expect(getUserMedia).toHaveBeenCalledOnce();
  });
});

describe('a device that is unplugged', () => {
  test('is replaced by another one', async () => {
    const { media } = await renderMedia();
    act(() => devices.unplug('camera', 'Camera 1'));
    await waitFor(() => expect(media().camera).toMatchObject({ on: true, deviceId: 'camera-2' }));
    await waitFor(() => expect(media().camera.devices).toHaveLength(1));
  });

  test('is missed where there is no other one, and used again when it is back', async () => {
    const { media } = await renderMedia();
    act(() => devices.unplug('camera'));
    await waitFor(() => expect(media().camera.error?.code).toBe('media-device'));
    expect(media().camera).toMatchObject({ on: false, status: 'error', track: null });
    await waitFor(() => expect(media().camera.devices).toHaveLength(0));
    act(() => devices.plug('camera', 'Camera 1'));
    await waitFor(() => expect(media().camera).toMatchObject({ on: true, error: undefined }));
  });

  test('while it is muted is asked for when it is unmuted', async () => {
    const { media } = await renderMedia();
    act(() => media().microphone.set(false));
    act(() => devices.end('microphone'));
    expect(media().microphone).toMatchObject({ status: 'off', track: null });
    act(() => media().microphone.set(true));
    await waitFor(() => expect(media().microphone.on).toBe(true));
  });
});

describe('says what stands in the way', () => {
  const EXACT = { camera: { deviceId: { exact: 'camera-3' } } };

  test.each<[string, string, () => void, () => void, object?]>([
    ['NotAllowedError', 'media-permission', () => devices.deny('camera'), allow],
    ['NotFoundError', 'media-device', () => devices.unplug('camera'), plug],
    ['OverconstrainedError', 'media-device', () => {}, plug, EXACT],
    ['NotReadableError', 'media-busy', () => devices.occupy('camera'), allow],
  ])('%s is %s, until it is tried again', async (name, code, block, mend, options) => {
    block();
    const { media } = await renderMedia(options);
    expect(media().microphone.on).toBe(true);
    expect(media().camera).toMatchObject({ status: 'error', error: { code, cause: { name } } });
    act(mend);
    act(() => media().camera.set(true));
    await waitFor(() => expect(media().camera).toMatchObject({ on: true, error: undefined }));
  });

  function allow() {
    devices.allow('camera');
  }

  function plug() {
    devices.plug('camera', 'Camera 3');
  }

  test('on a page without https it asks for https', async () => {
    vi.stubGlobal('navigator', {});
    const { media } = await renderMedia();
    expect(media().camera.error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('https'),
    });
  });
});

describe('a screen', () => {
  test('is shared with sharp text, until the bar of the browser ends it', async () => {
    const { media } = await renderMedia({ camera: false, microphone: false });
    act(() => media().screen.start());
    await waitFor(() => expect(media().screen.on).toBe(true));
    const [picture] = devices.live;
    expect(picture!.contentHint).toBe('detail');
    expect(media().screen.stream!.getTracks()).toHaveLength(2);
    act(() => devices.end('screen'));
    expect(media().screen).toMatchObject({ on: false, stream: null, error: undefined });
    expect(devices.live).toEqual([]);
  });

  test('whose dialog is closed is no error, one that cannot be had is', async () => {
    const { media } = await renderMedia({ camera: false, microphone: false });
    devices.deny('screen');
    await act(async () => media().screen.start());
    expect(media().screen).toMatchObject({ on: false, error: undefined });
    devices.occupy('screen');
    await act(async () => media().screen.start());
    await waitFor(() => expect(media().screen.error?.code).toBe('media-busy'));
  });
});
