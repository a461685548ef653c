'use client';

import {
  forwardRef,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
} from 'react';
import type { Peer } from '../call/index.js';
import { className } from './className.js';
import { Icon } from './icons.js';
import { withLabels, type CallLabels } from './labels.js';

/** Props of {@link CallAudio}, beside the attributes of a `<div>`. */
export interface CallAudioProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** Who is heard, as `useCall` gives them. */
  peers: readonly Peer[];
  /**
   * The `deviceId` of an `audiooutput`. Default: the system's. Ignored where the browser has no
   * [`setSinkId`](https://w3c.github.io/mediacapture-output/#dom-htmlmediaelement-setsinkid).
   */
  speaker?: string | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/**
 * The sound of a whole call, whatever tiles are on the page. Where the browser allows no sound
 * before a click ([HTML, "allowed to play"](https://html.spec.whatwg.org/multipage/media.html#allowed-to-play)),
 * it shows a button, and any click or key turns the sound on.
 */
export const CallAudio = forwardRef<HTMLDivElement, CallAudioProps>(function CallAudio(
  { peers, speaker, labels, className: added, ...attributes },
  ref,
) {
  const root = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => root.current!);
  const [blocked, setBlocked] = useState(false);
  const text = withLabels(labels);

  useEffect(() => {
    if (!blocked) return;
    const playAll = () => {
      setBlocked(false);
      for (const audio of root.current?.querySelectorAll('audio') ?? []) {
        void play(audio, () => setBlocked(true));
      }
    };
    document.addEventListener('click', playAll, { capture: true });
    document.addEventListener('keydown', playAll, { capture: true });
    return () => {
      document.removeEventListener('click', playAll, { capture: true });
      document.removeEventListener('keydown', playAll, { capture: true });
    };
  }, [blocked]);

  const sound = (key: string, stream: MediaStream | null) =>
    stream && (
      <Sound key={key} stream={stream} speaker={speaker} onBlocked={() => setBlocked(true)} />
    );
  return (
    <div {...attributes} ref={root} className={className('rs-audio', added)}>
      {peers.flatMap(({ id, camera, screen }) => [
        sound(id, camera),
        sound(`${id}/screen`, screen),
      ])}
      {blocked && (
        <div className="rs-notice" role="alert">
          <p>{text.soundBlocked}</p>
          <button type="button" className="rs-button">
            <Icon name="sound" /> {text.turnOnSound}
          </button>
        </div>
      )}
    </div>
  );
});

interface SoundProps {
  stream: MediaStream;
  speaker: string | undefined;
  onBlocked: () => void;
}

function Sound({ stream, speaker, onBlocked }: SoundProps) {
  const ref = useRef<HTMLAudioElement>(null);
  const whenBlocked = useRef(onBlocked);
  useEffect(() => {
    const audio = ref.current;
    if (!audio) return;
    audio.srcObject = stream;
    void play(audio, () => whenBlocked.current());
    return () => {
      audio.srcObject = null;
    };
  }, [stream]);
  useEffect(() => {
    // A speaker that is gone leaves the sound where it was.
    if (ref.current && 'setSinkId' in ref.current)
      ref.current.setSinkId(speaker ?? '').catch(() => {});
  }, [speaker]);
  return <audio ref={ref} />;
}

async function play(audio: HTMLAudioElement, onBlocked: () => void): Promise<void> {
  try {
    await audio.play();
  } catch (error) {
    // Else it was interrupted by another stream, which is played by a call of its own.
    if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked();
  }
}
