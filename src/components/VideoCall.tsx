'use client';

import { useRef, useState, type ComponentPropsWithoutRef } from 'react';
import type { Peer } from '../call/index.js';
import { useCall } from '../react/useCall.js';
import { useConnection } from '../react/useConnection.js';
import { useLocalMedia, type LocalMedia } from '../react/useLocalMedia.js';
import { CallControls } from './CallControls.js';
import { ConnectionStatus } from './ConnectionStatus.js';
import { Problem } from './Problem.js';
import { VideoTile } from './VideoTile.js';
import { className } from './className.js';

/** What {@link VideoCall} takes beside the attributes of a `<section>`. */
export interface VideoCallProps extends Omit<ComponentPropsWithoutRef<'section'>, 'children'> {
  /** The topic of the room. Who is in the same room on the same hub is in the call. */
  room: string;
  /** Who one is to the others. Default: `Guest`. */
  name?: string | undefined;
  /** How peers connect. Default: none, so no server but the hub is asked; see `useCall`. */
  rtc?: RTCConfiguration | undefined;
  /** What is sent. Default: camera and microphone, asked for when it mounts. */
  media?: LocalMedia | undefined;
  /** Called when the user has left. Without it, or while it stays mounted, they may join again. */
  onLeave?: (() => void) | undefined;
}

/**
 * A whole call: everybody's tile, the controls, how the hub stands, and what went wrong. Needs a
 * `SignalingProvider` above it and `react-signaling/components.css` on the page.
 *
 * @example
 * ```tsx
 * <VideoCall room="https://example.com/rooms/1" name="Ana" />
 * ```
 */
export function VideoCall({
  room,
  name,
  rtc,
  media,
  onLeave,
  className: added,
  ...attributes
}: VideoCallProps) {
  const [leftRoom, setLeftRoom] = useState<string>();
  const section = useRef<HTMLElement>(null);
  const change = (left: string | undefined) => {
    setLeftRoom(left);
    // The button that had the focus goes.
    section.current?.focus();
  };
  const leave = () => {
    change(room);
    onLeave?.();
  };
  return (
    <section
      aria-label="Video call"
      {...attributes}
      ref={section}
      tabIndex={-1}
      className={className('rs-call', added)}
    >
      {leftRoom === room ? (
        <AfterCall onRejoin={() => change(undefined)} />
      ) : (
        <InCall room={room} name={name} rtc={rtc} media={media} onLeave={leave} />
      )}
    </section>
  );
}

function AfterCall({ onRejoin }: { onRejoin: () => void }) {
  return (
    <div className="rs-after">
      <p role="status">You left the call.</p>
      <button type="button" className="rs-button" onClick={onRejoin}>
        Join again
      </button>
    </div>
  );
}

type InCallProps = Pick<VideoCallProps, 'room' | 'name' | 'rtc' | 'media' | 'onLeave'>;

function InCall({ room, name = '', rtc, media: given, onLeave }: InCallProps) {
  const own = useLocalMedia(undefined, { enabled: !given });
  const media = given ?? own;
  const { status, peers, error, rejoin } = useCall({ room, name, stream: media.stream, rtc });
  const connection = useConnection();
  const news = useNews(peers);
  const refused = status === 'left';
  return (
    <>
      <header>
        <ConnectionStatus />
        <span className="rs-count">{company(peers.length)}</span>
      </header>
      <p className="rs-unseen" role="status">
        {news}
      </p>
      {media.error && <Problem error={media.error} onRetry={media.retry} />}
      {error && (refused || error !== connection.error) && (
        <Problem error={error} onRetry={refused ? rejoin : undefined} />
      )}
      <ul className="rs-grid" role="list" aria-label="People in this call">
        <li>
          <VideoTile
            stream={media.stream}
            name={`${name.trim() || 'Guest'} (you)`}
            camera={media.camera}
            microphone={media.microphone}
            muted
            mirrored
          />
        </li>
        {peers.map((peer) => (
          <li key={peer.id}>
            <VideoTile stream={peer.stream} name={peer.name} state={peer.state} />
          </li>
        ))}
      </ul>
      <CallControls media={media} onLeave={onLeave} />
    </>
  );
}

/** Who came and who went, as a sentence for those who do not see it. */
function useNews(peers: readonly Peer[]): string {
  const [last, setLast] = useState({ peers, news: '' });
  if (last.peers !== peers) {
    const came = without(peers, last.peers).map((peer) => `${peer.name || 'A guest'} joined.`);
    const went = without(last.peers, peers).map((peer) => `${peer.name || 'A guest'} left.`);
    const changed = came.length + went.length > 0;
    const news = changed ? [...came, ...went, `${company(peers.length)}.`].join(' ') : last.news;
    setLast({ peers, news });
  }
  return last.news;
}

function without(peers: readonly Peer[], others: readonly Peer[]): readonly Peer[] {
  return peers.filter((peer) => !others.some((other) => other.id === peer.id));
}

function company(others: number): string {
  return others === 0 ? 'Nobody else is here' : `${others + 1} people`;
}
