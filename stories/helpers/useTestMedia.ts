import { useCallback, useMemo, useState } from 'react';
import type { LocalDevice, LocalMedia } from '../../src/call/index.js';
import type { SignalingError } from '../../src/index.js';
import {
  createTestPicture,
  createTestScreen,
  createTestSound,
  type TestStream,
} from './testPicture.js';
import { useTestStreams } from './useTestStreams.js';

/** What `useLocalMedia` returns, from drawn pictures and silence in place of devices. */
export function useTestMedia(hue: number): LocalMedia {
  const createPicture = useCallback(() => createTestPicture(hue), [hue]);
  const camera = useTestDevice('Drawn camera', createPicture);
  const microphone = useTestDevice('Silent microphone', createTestSound);
  const [shares, share] = useState(false);
  const [screen = null] = useTestStreams(shares ? 1 : 0, createTestScreen);
  return useMemo(
    () => ({
      camera,
      microphone,
      screen: {
        on: screen !== null,
        error: undefined,
        stream: screen,
        start: () => share(true),
        stop: () => share(false),
      },
      speaker: NO_MEDIA.speaker,
    }),
    [camera, microphone, screen],
  );
}

function useTestDevice(label: string, create: () => TestStream): LocalDevice {
  const [isOn, set] = useState(true);
  const [stream = null] = useTestStreams(isOn ? 1 : 0, create);
  return useMemo(
    () => ({
      ...NO_DEVICE,
      on: stream !== null,
      status: stream ? 'on' : isOn ? 'asking' : 'off',
      track: stream?.getTracks()[0] ?? null,
      stream,
      devices: [{ deviceId: label, label } as MediaDeviceInfo],
      deviceId: label,
      set,
    }),
    [isOn, stream, label],
  );
}

const NO_DEVICE: LocalDevice = {
  on: false,
  status: 'off',
  error: undefined,
  track: null,
  stream: null,
  devices: [],
  deviceId: undefined,
  set: () => {},
  select: () => {},
  process: () => {},
};

/** What `useLocalMedia` returns where nothing was asked for. */
export const NO_MEDIA: LocalMedia = {
  camera: NO_DEVICE,
  microphone: NO_DEVICE,
  screen: { on: false, error: undefined, stream: null, start: () => {}, stop: () => {} },
  speaker: { devices: [], deviceId: undefined, select: () => {} },
};

/** What it returns where the camera cannot be had, and nothing else was asked for. */
export function failedCamera(error: SignalingError): LocalMedia {
  return { ...NO_MEDIA, camera: { ...NO_DEVICE, status: 'error', error } };
}
