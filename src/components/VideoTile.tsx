'use client';

import { useState, type ComponentPropsWithoutRef, type SyntheticEvent } from 'react';
import type { PeerState } from '../call/index.js';
import { className } from './className.js';
import { Icon } from './icons.js';
import { useHasVideo, usePlayback } from './useVideo.js';

/** What {@link VideoTile} takes beside the attributes of a `<figure>`. */
export interface VideoTileProps extends Omit<ComponentPropsWithoutRef<'figure'>, 'children'> {
  /** What is seen and heard. `null`, or a stream without a picture, shows the initials instead. */
  stream: MediaStream | null;
  /** Who it is. Default: `Guest`. */
  name?: string | undefined;
  /** Keeps it silent, as one's own tile has to be. Default: `false`. */
  muted?: boolean | undefined;
  /** Shows it as a mirror does, as people expect of themselves. Default: `false`. */
  mirrored?: boolean | undefined;
  /** `false` where their camera is known to be off. Default: `true`. */
  camera?: boolean | undefined;
  /** `false` where their microphone is known to be off. Default: `true`. */
  microphone?: boolean | undefined;
  /** How the connection to them stands. Default: `connected`. */
  state?: PeerState | undefined;
}

const STATES: Record<PeerState, string> = {
  connecting: 'Connecting…',
  connected: '',
  disconnected: 'Reconnecting…',
};

/** One person of a call: their picture, their sound, their name. */
export function VideoTile({
  stream,
  name = '',
  muted = false,
  mirrored = false,
  camera = true,
  microphone = true,
  state = 'connected',
  className: added,
  ...attributes
}: VideoTileProps) {
  const { ref, silenced } = usePlayback(stream, muted);
  const hasVideo = useHasVideo(stream);
  const [hasFrames, setHasFrames] = useState(false);
  const lookForFrames = ({ currentTarget: video }: SyntheticEvent<HTMLVideoElement>) =>
    setHasFrames(video.videoWidth > 0);
  const who = name.trim() || 'Guest';
  return (
    <figure {...attributes} className={className('rs-tile', added)} data-state={state}>
      <video
        ref={ref}
        playsInline
        data-mirrored={mirrored}
        aria-label={`Video of ${who}`}
        onEmptied={lookForFrames}
        onLoadedData={lookForFrames}
        onResize={lookForFrames}
      />
      {!(camera && hasVideo && hasFrames) && (
        <div className="rs-placeholder">
          <span aria-hidden="true">{initials(who)}</span>
          <span className="rs-unseen">No picture</span>
        </div>
      )}
      {state !== 'connected' && <p className="rs-state">{STATES[state]}</p>}
      {silenced && (
        // A click anywhere gives the sound back; this one says so, and is there for the keyboard.
        <button type="button" className="rs-button rs-sound">
          <Icon name="sound" /> Turn on sound
        </button>
      )}
      <figcaption>
        {!microphone && (
          <>
            <Icon name="microphone-off" />
            <span className="rs-unseen">Microphone off: </span>
          </>
        )}
        <span className="rs-name">{who}</span>
      </figcaption>
    </figure>
  );
}

/** The first letters of the first and the last word; what stands in brackets is no name. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => !word.startsWith('('));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => Array.from(word ?? '')[0])
    .join('')
    .toUpperCase();
}
