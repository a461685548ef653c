'use client';

import {
  forwardRef,
  useEffect,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type RefObject,
  type SyntheticEvent,
} from 'react';
import type { Peer, PeerState, PeerStats } from '../call/index.js';
import { className } from './className.js';
import { hasHandUp } from './hand.js';
import { Icon } from './icons.js';
import { Initials } from './Initials.js';
import { withLabels, type CallLabels } from './labels.js';
import { TileButtons } from './TileButtons.js';

/** Props of {@link VideoTile}, beside the attributes of a `<figure>`. */
export interface VideoTileProps extends Omit<ComponentPropsWithoutRef<'figure'>, 'children'> {
  /** Whom it shows. What follows is taken from it where it is not given. */
  peer?: Peer | undefined;
  /** Their camera, or the screen they share, which is shown whole. Default: `camera`. */
  source?: 'camera' | 'screen' | undefined;
  /** What is seen. It is never heard: sound is what `CallAudio` plays. */
  stream?: MediaStream | null | undefined;
  /** Default: `Guest`. */
  name?: string | undefined;
  /** `false` shows the initials in place of the picture. Default: `true`. */
  camera?: boolean | undefined;
  /** `false` shows a sign. Default: `true`. */
  microphone?: boolean | undefined;
  /** Default: `connected`. */
  state?: PeerState | undefined;
  /** Shows a ring. Default: `false`. */
  speaking?: boolean | undefined;
  /** Shows a sign where it is `poor`, as `usePeerStats` tells it. */
  quality?: PeerStats['quality'];
  /** Whether they have raised a hand. Default: `peer.data.hand`. */
  hand?: boolean | undefined;
  /** Shows it as a mirror does, as people expect of themselves. Default: `false`. */
  mirrored?: boolean | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/**
 * One person of a call, or their screen: picture or initials, name, and signs. It makes no sound.
 * Inside a `CallGrid` it has a button that pins it.
 */
export const VideoTile = forwardRef<HTMLElement, VideoTileProps>(function VideoTile(
  {
    peer,
    source = 'camera',
    stream = peer?.[source] ?? null,
    name = peer?.name ?? '',
    camera = source === 'screen' || !peer?.muted.camera,
    microphone = source === 'screen' || !peer?.muted.microphone,
    state = peer?.state ?? 'connected',
    speaking = false,
    quality,
    hand = source === 'camera' && hasHandUp(peer?.data),
    mirrored = false,
    labels,
    className: added,
    ...attributes
  },
  ref,
) {
  const text = withLabels(labels);
  const video = useRef<HTMLVideoElement>(null);
  const [hasFrames, frameListeners] = useFrames(video, stream);
  const who = name.trim() || text.guest;
  const title = source === 'screen' ? text.screenOf(who) : who;
  const shown = stream !== null && camera && hasFrames;
  return (
    <figure
      {...attributes}
      ref={ref}
      className={className('rs-tile', added)}
      data-source={source}
      data-state={state}
      data-speaking={speaking}
    >
      <video
        ref={video}
        muted
        playsInline
        data-mirrored={mirrored}
        hidden={!shown}
        aria-label={source === 'screen' ? title : text.videoOf(who)}
        {...frameListeners}
      />
      {!shown && (
        <div className="rs-placeholder">
          {source === 'screen' ? (
            <Icon name="screen" />
          ) : (
            <>
              <Initials name={who} />
              <span className="rs-unseen">{text.noPicture}</span>
            </>
          )}
        </div>
      )}
      <div className="rs-signs">
        {state !== 'connected' && (
          <p className="rs-sign rs-busy">
            <span>{state === 'connecting' ? text.peerConnecting : text.peerReconnecting}</span>
          </p>
        )}
        {hand && <Sign icon="hand" meaning={text.handUp} />}
        {quality === 'poor' && <Sign icon="weak" meaning={text.weakConnection} />}
      </div>
      <figcaption className="rs-sign">
        {!microphone && (
          <>
            <Icon name="microphone-off" />
            <span className="rs-unseen">{text.microphoneOff}: </span>
          </>
        )}
        <span className="rs-name" dir="auto">
          {title}
        </span>
        {speaking && <span className="rs-unseen">, {text.speaking}</span>}
      </figcaption>
      <TileButtons video={video} shown={shown} who={title} text={text} />
    </figure>
  );
});

function Sign({ icon, meaning }: { icon: 'hand' | 'weak'; meaning: string }) {
  return (
    <span className="rs-sign" data-sign={icon} title={meaning}>
      <Icon name={icon} />
      <span className="rs-unseen">{meaning}</span>
    </span>
  );
}

/** Plays a stream silently. Tells whether there is a frame to show, from events of the element. */
function useFrames(ref: RefObject<HTMLVideoElement | null>, stream: MediaStream | null) {
  const [hasFrames, setHasFrames] = useState(false);
  useEffect(() => {
    const video = ref.current;
    if (!video || !stream) return;
    // React leaves out the attribute, and Safari plays nothing by itself that is not muted.
    video.muted = true;
    video.srcObject = stream;
    // Refused or interrupted: the next stream is played by a call of its own.
    video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [ref, stream]);
  const look = ({ currentTarget }: SyntheticEvent<HTMLVideoElement>) =>
    setHasFrames(currentTarget.videoWidth > 0);
  return [hasFrames, { onEmptied: look, onLoadedData: look, onResize: look }] as const;
}
