import { useEffect, useState } from 'react';
import type { LocalMedia } from '../src/react/useLocalMedia.js';
import { createTestPicture } from './testPicture.js';

/** What `useLocalMedia` gives, from a drawn picture in place of a camera. */
export function useTestPicture(hue: number, { enabled = true } = {}): LocalMedia {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [microphone, setMicrophone] = useState(true);
  const [camera, setCamera] = useState(true);

  useEffect(() => {
    if (!enabled) return;
    const picture = createTestPicture(hue);
    setStream(picture.stream);
    setMicrophone(true);
    setCamera(true);
    return () => {
      picture.stop();
      setStream(null);
    };
  }, [hue, enabled]);

  useEffect(() => {
    for (const track of stream?.getAudioTracks() ?? []) track.enabled = microphone;
    for (const track of stream?.getVideoTracks() ?? []) track.enabled = camera;
  }, [stream, microphone, camera]);

  return {
    status: stream ? 'live' : 'idle',
    stream,
    error: undefined,
    microphone: stream !== null && microphone,
    camera: stream !== null && camera,
    setMicrophone,
    setCamera,
    retry: () => {},
  };
}
