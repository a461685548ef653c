import {
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react';

/**
 * Plays a stream in a video element. Where the browser allows no sound before a click (HTML,
 * "allowed to play"), it plays silently until there is one: `silenced` says so.
 *
 * @internal
 */
export function usePlayback(
  stream: MediaStream | null,
  muted: boolean,
): { ref: RefObject<HTMLVideoElement | null>; silenced: boolean } {
  const ref = useRef<HTMLVideoElement>(null);
  const [silenced, setSilenced] = useState(false);

  useEffect(() => {
    const video = ref.current;
    if (!video || !stream) return;
    video.srcObject = stream;
    return () => {
      video.srcObject = null;
    };
  }, [stream]);

  useEffect(() => {
    const video = ref.current;
    if (!video || !stream) return;
    let current = true;
    video.muted = muted;
    void play(video).then((refused) => current && setSilenced(refused));
    return () => {
      current = false;
    };
  }, [stream, muted]);

  useEffect(() => {
    if (!silenced) return;
    const unmute = () => {
      if (ref.current) ref.current.muted = muted;
      setSilenced(false);
    };
    document.addEventListener('click', unmute, { capture: true });
    return () => document.removeEventListener('click', unmute, { capture: true });
  }, [silenced, muted]);

  return { ref, silenced: silenced && stream !== null };
}

/** @returns whether it had to be silenced. */
async function play(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play();
    return false;
  } catch (error) {
    const refused = error instanceof DOMException && error.name === 'NotAllowedError';
    if (!refused || video.muted) return false;
    video.muted = true;
    await play(video);
    return true;
  }
}

/**
 * Whether a stream has a video track that has not ended. It says nothing of frames: `muted` would,
 * but Chromium leaves it `true` on the tracks of a connection that has rolled back an offer.
 *
 * @internal
 */
export function useHasVideo(stream: MediaStream | null): boolean {
  const subscribe = useCallback((onChange: () => void) => watchTracks(stream, onChange), [stream]);
  return useSyncExternalStore(
    subscribe,
    () => stream?.getVideoTracks().some((track) => track.readyState === 'live') ?? false,
    () => false,
  );
}

function watchTracks(stream: MediaStream | null, onChange: () => void): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  const watch = (track: MediaStreamTrack) => track.addEventListener('ended', onChange, { signal });
  const onAdd = ({ track }: MediaStreamTrackEvent) => {
    watch(track);
    onChange();
  };
  stream?.getTracks().forEach(watch);
  stream?.addEventListener('addtrack', onAdd, { signal });
  stream?.addEventListener('removetrack', onChange, { signal });
  return () => watching.abort();
}
