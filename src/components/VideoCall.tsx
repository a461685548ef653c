'use client';

import {
  forwardRef,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type ReactNode,
  type RefObject,
} from 'react';
import type { LocalMedia, Peer } from '../call/index.js';
import { useCall, type UseCallOptions } from '../react/call/useCall.js';
import { useLocalMedia } from '../react/call/useLocalMedia.js';
import type { CallGridProps } from './CallGrid.js';
import { className } from './className.js';
import { SHORTCUTS } from './DeviceToggle.js';
import { InCall } from './InCall.js';
import { withLabels, type CallLabels } from './labels.js';
import { Lobby } from './Lobby.js';

/** Props of {@link VideoCall}: the options of `useCall`, and the attributes of a `<section>`. */
export interface VideoCallProps
  extends
    Omit<UseCallOptions, 'room' | 'media' | 'data'>,
    Pick<CallGridProps, 'onPin'>,
    Omit<ComponentPropsWithoutRef<'section'>, 'children'> {
  /** The topic of the room. Everybody in this room, on the same hub, is in one call. */
  room: string;
  /** What is sent. Default: camera and microphone, asked for when it mounts. */
  media?: LocalMedia | undefined;
  /** Shown to the others as `peer.data`, beside `hand: true` while one's hand is up. */
  data?: Record<string, unknown> | undefined;
  /** Shows oneself first, and joins at a click. Default: `false`. */
  lobby?: boolean | undefined;
  /** Shown in place of a peer's tile. Wrap a `VideoTile`, or write your own. */
  tile?: ((peer: Peer) => ReactNode) | undefined;
  /** Further controls. */
  children?: ReactNode;
  /**
   * The key of the tile that is large: `you`, the id of a peer, or `id/screen`; `null`: none.
   * Default: the user's own choice, else the screen that was shared last.
   */
  pinned?: string | null | undefined;
  /** Called when the user has left. While it stays mounted they may join again. */
  onLeave?: (() => void) | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

type Phase = 'lobby' | 'call' | 'left';

/**
 * A whole call, from the lobby to leaving. It fills the box it stands in, and fits any of at least
 * 280 × 400. Needs a `SignalingProvider` above it and `react-signaling/components.css` on the page.
 *
 * While the focus is in it, the keys M and V switch microphone and camera.
 *
 * @throws `SignalingError` `usage` where there is no provider.
 *
 * @example
 * ```tsx
 * <VideoCall room="https://example.com/rooms/1" name="Ana" />
 * ```
 */
export const VideoCall = forwardRef<HTMLElement, VideoCallProps>(function VideoCall(
  {
    room,
    name,
    secret,
    rtc,
    budget,
    maxPeers,
    private: isPrivate,
    grace,
    media,
    data,
    lobby = false,
    tile,
    pinned,
    onPin,
    onLeave,
    labels,
    children,
    className: added,
    ...attributes
  },
  ref,
) {
  const text = withLabels(labels);
  const section = useRef<HTMLElement>(null);
  useImperativeHandle(ref, () => section.current!);
  const first = lobby ? 'lobby' : 'call';
  const [visit, setVisit] = useState<{ room: string; phase: Phase }>({ room, phase: first });
  const phase = visit.room === room ? visit.phase : first;
  const go = (phase: Phase) => {
    setVisit({ room, phase });
    // The button that had the focus is gone.
    section.current?.focus();
  };
  const leave = () => {
    go('left');
    onLeave?.();
  };
  return (
    <section
      aria-label={text.call}
      {...attributes}
      ref={section}
      tabIndex={-1}
      className={className('rs-call', added)}
    >
      {phase === 'left' ? (
        <div className="rs-after">
          <p role="status">{text.left}</p>
          <button type="button" className="rs-button rs-primary" onClick={() => go(first)}>
            {text.rejoin}
          </button>
        </div>
      ) : (
        <Visit
          section={section}
          options={{ room, name, secret, rtc, budget, maxPeers, private: isPrivate, grace }}
          media={media}
          data={data}
          inLobby={phase === 'lobby'}
          onJoin={() => go('call')}
          onLeave={leave}
          tile={tile}
          pinned={pinned}
          onPin={onPin}
          labels={labels}
        >
          {children}
        </Visit>
      )}
    </section>
  );
});

interface VisitProps extends Pick<
  VideoCallProps,
  'media' | 'data' | 'tile' | 'pinned' | 'onPin' | 'labels' | 'children'
> {
  section: RefObject<HTMLElement | null>;
  options: Omit<UseCallOptions, 'media' | 'data'>;
  inLobby: boolean;
  onJoin: () => void;
  onLeave: () => void;
}

/** Has the devices: they are stopped when it goes. */
function Visit({ section, options, media: given, data, inLobby, onJoin, ...props }: VisitProps) {
  const own = useLocalMedia({ camera: !given, microphone: !given });
  const media = given ?? own;
  const [hand, setHand] = useState(false);
  const call = useCall({
    ...options,
    room: inLobby ? null : options.room,
    media,
    data: hand ? { ...data, hand } : data,
  });
  useShortcuts(section, media);
  const { name } = options;
  return inLobby ? (
    <Lobby media={media} name={name} onJoin={onJoin} labels={props.labels} />
  ) : (
    <InCall {...props} call={call} media={media} name={name} hand={hand} onHand={setHand} />
  );
}

/** Keys that switch a device, except where somebody writes. */
function useShortcuts(ref: RefObject<HTMLElement | null>, media: LocalMedia): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if ((event.target as Element).closest('input, textarea, select, [contenteditable]')) return;
      const key = event.key.toUpperCase();
      for (const kind of ['microphone', 'camera'] as const) {
        if (key === SHORTCUTS[kind]) media[kind].set(!media[kind].on);
      }
    };
    const element = ref.current;
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, [ref, media]);
}
