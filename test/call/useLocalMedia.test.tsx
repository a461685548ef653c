import { act, renderHook, waitFor } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useLocalMedia } from '../../src/react/useLocalMedia.js';

/** As much of a track as a browser without media has to play. */
class Track extends EventTarget {
  enabled = true;
  readyState = 'live';

  constructor(readonly kind: 'audio' | 'video') {
    super();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is pulled out. */
  end(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }
}

class Stream {
  readonly tracks: Track[];

  constructor({ audio, video }: MediaStreamConstraints) {
    this.tracks = [...(audio ? [new Track('audio')] : []), ...(video ? [new Track('video')] : [])];
  }

  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === 'audio');
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
}

const given: Stream[] = [];
const getUserMedia = vi.fn(async (constraints: MediaStreamConstraints) => {
  const stream = new Stream(constraints);
  given.push(stream);
  return stream;
});

const live = () => given.flatMap(({ tracks }) => tracks).filter((one) => one.readyState === 'live');

beforeEach(() => {
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
});

afterEach(() => {
  given.length = 0;
  getUserMedia.mockClear();
  vi.unstubAllGlobals();
});

function fail(name: string) {
  getUserMedia.mockRejectedValueOnce(new DOMException('', name));
}

test('asks for camera and microphone and gives the stream', async () => {
  const { result } = renderHook(() => useLocalMedia());
  expect(result.current.status).toBe('asking');
  await waitFor(() => expect(result.current.status).toBe('live'));
  expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({ audio: true, video: true });
  expect(result.current).toMatchObject({ stream: given[0], microphone: true, camera: true });
});

test('constraints written inline do not ask again, other ones do', async () => {
  const { result, rerender } = renderHook(
    ({ height }) => useLocalMedia({ audio: true, video: { height } }),
    { initialProps: { height: 720 } },
  );
  await waitFor(() => expect(result.current.status).toBe('live'));
  rerender({ height: 720 });
  expect(getUserMedia).toHaveBeenCalledTimes(1);
  rerender({ height: 480 });
  await waitFor(() => expect(getUserMedia).toHaveBeenCalledTimes(2));
  await waitFor(() => expect(result.current.status).toBe('live'));
  expect(result.current.stream).toBe(given[1]);
  expect(live()).toEqual(given[1]!.tracks);
});

test('StrictMode asks once', async () => {
  const { result } = renderHook(() => useLocalMedia(), { wrapper: StrictMode });
  await waitFor(() => expect(result.current.status).toBe('live'));
  expect(getUserMedia).toHaveBeenCalledTimes(1);
});

test('stops every track when it unmounts', async () => {
  const { result, unmount } = renderHook(() => useLocalMedia());
  await waitFor(() => expect(result.current.status).toBe('live'));
  unmount();
  expect(live()).toEqual([]);
});

test('stops what is granted only after it has unmounted', async () => {
  let grant!: () => void;
  const granted = new Promise<void>((resolve) => (grant = resolve));
  getUserMedia.mockImplementationOnce(async (constraints) => {
    await granted;
    const stream = new Stream(constraints);
    given.push(stream);
    return stream;
  });
  const { unmount } = renderHook(() => useLocalMedia());
  await waitFor(() => expect(getUserMedia).toHaveBeenCalled());
  unmount();
  grant();
  await waitFor(() => expect(given).toHaveLength(1));
  await waitFor(() => expect(live()).toEqual([]));
});

test('asks nothing while it is not enabled, and stops when it no longer is', async () => {
  const { result, rerender } = renderHook(({ enabled }) => useLocalMedia(undefined, { enabled }), {
    initialProps: { enabled: false },
  });
  act(() => result.current.retry());
  expect(result.current.status).toBe('idle');
  rerender({ enabled: true });
  await waitFor(() => expect(result.current.status).toBe('live'));
  rerender({ enabled: false });
  expect(result.current).toMatchObject({ status: 'idle', stream: null, camera: false });
  expect(live()).toEqual([]);
  expect(getUserMedia).toHaveBeenCalledTimes(1);
});

test('mutes through the track, and keeps the stream', async () => {
  const { result } = renderHook(() => useLocalMedia());
  await waitFor(() => expect(result.current.status).toBe('live'));
  const { stream } = result.current;
  act(() => result.current.setMicrophone(false));
  expect(result.current).toMatchObject({ microphone: false, camera: true });
  act(() => result.current.setCamera(false));
  expect(result.current).toMatchObject({ microphone: false, camera: false });
  expect(given[0]!.tracks.map(({ enabled }) => enabled)).toEqual([false, false]);
  act(() => result.current.setMicrophone(true));
  expect(result.current).toMatchObject({ microphone: true, camera: false });
  expect(result.current.stream).toBe(stream);
});

test('who is muted stays so in a stream that comes later', async () => {
  const { result } = renderHook(() => useLocalMedia());
  act(() => result.current.setMicrophone(false));
  await waitFor(() => expect(result.current.status).toBe('live'));
  expect(result.current).toMatchObject({ microphone: false, camera: true });
  act(() => result.current.retry());
  await waitFor(() => expect(result.current.stream).toBe(given[1]));
  expect(result.current.microphone).toBe(false);
});

test('a device that goes away is told, and the other one stays', async () => {
  const { result } = renderHook(() => useLocalMedia());
  await waitFor(() => expect(result.current.status).toBe('live'));
  act(() => given[0]!.getVideoTracks()[0]!.end());
  expect(result.current).toMatchObject({
    status: 'live',
    microphone: true,
    camera: false,
    error: { code: 'media-device', message: expect.stringContaining('camera') },
  });
});

describe('says what stands in the way', () => {
  test.each([
    ['NotAllowedError', 'media-permission'],
    ['NotFoundError', 'media-device'],
    ['OverconstrainedError', 'media-device'],
    ['NotReadableError', 'media-busy'],
  ])('%s is %s, until it is tried again', async (name, code) => {
    fail(name);
    const { result } = renderHook(() => useLocalMedia());
    await waitFor(() => expect(result.current.status).toBe('error'));
    expect(result.current).toMatchObject({ stream: null, error: { code, cause: { name } } });
    act(() => result.current.retry());
    await waitFor(() => expect(result.current.status).toBe('live'));
    expect(result.current.error).toBeUndefined();
  });

  test('on a page without https it asks for https', async () => {
    vi.stubGlobal('navigator', {});
    const { result } = renderHook(() => useLocalMedia());
    await waitFor(() => expect(result.current.status).toBe('error'));
    expect(result.current.error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('https'),
    });
  });
});

test('renders on a server, where nothing is asked', () => {
  const Page = () => <p>{useLocalMedia().status}</p>;
  expect(renderToString(<Page />)).toBe('<p>idle</p>');
  expect(getUserMedia).not.toHaveBeenCalled();
});
