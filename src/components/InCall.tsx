import { Fragment, useRef, useState, type ReactNode } from 'react';
import type { LocalMedia, Peer } from '../call/index.js';
import type { CallView } from '../react/call/CallView.js';
import { useCallMessages } from '../react/call/useCallMessages.js';
import { usePeerStats } from '../react/call/usePeerStats.js';
import { useSpeaking } from '../react/call/useSpeaking.js';
import { CallChat } from './CallChat.js';
import { CallControls } from './CallControls.js';
import { CallGrid, type CallGridProps } from './CallGrid.js';
import { withLabels, type CallLabels } from './labels.js';
import { Notices } from './Notices.js';
import { useNews } from './useNews.js';
import { useUnread } from './useUnread.js';
import { VideoTile } from './VideoTile.js';

export interface InCallProps extends Pick<CallGridProps, 'pinned' | 'onPin'> {
  call: CallView;
  media: LocalMedia;
  name?: string | undefined;
  hand: boolean;
  onHand: (up: boolean) => void;
  onLeave: () => void;
  tile?: ((peer: Peer) => ReactNode) | undefined;
  labels?: Partial<CallLabels> | undefined;
  /** Further controls. */
  children?: ReactNode;
}

/** What is seen between entering and leaving. */
export function InCall({
  call,
  media,
  name = '',
  hand,
  onHand,
  onLeave,
  pinned,
  onPin,
  tile,
  labels,
  children,
}: InCallProps) {
  const text = withLabels(labels);
  const speaking = useSpeaking(call);
  const news = useNews(call.peers, text);
  const { messages, send } = useCallMessages<string>(call, 'chat');
  const texts = messages.filter(({ body }) => typeof body === 'string');
  const [chat, setChat] = useState(false);
  const chatButton = useRef<HTMLButtonElement>(null);
  const unread = useUnread(texts, chat);
  const lastUnread = unread.at(-1);
  const closeChat = () => {
    setChat(false);
    chatButton.current?.focus();
  };

  const people = [...call.peers].sort((a, b) => Number(!a.screen) - Number(!b.screen));
  return (
    <>
      <div className="rs-stage">
        <CallGrid pinned={pinned} onPin={onPin} labels={labels}>
          <VideoTile
            key="you"
            stream={media.camera.stream}
            camera={media.camera.on}
            microphone={media.microphone.on}
            name={text.you(name.trim() || text.guest)}
            speaking={call.id !== undefined && speaking.has(call.id)}
            hand={hand}
            mirrored
            labels={labels}
          />
          {people.flatMap((peer) => [
            peer.screen && (
              <VideoTile key={`${peer.id}/screen`} peer={peer} source="screen" labels={labels} />
            ),
            tile ? (
              <Fragment key={peer.id}>{tile(peer)}</Fragment>
            ) : (
              <PeerTile
                key={peer.id}
                call={call}
                peer={peer}
                speaking={speaking.has(peer.id)}
                labels={labels}
              />
            ),
          ])}
        </CallGrid>
        {chat && (
          <CallChat
            ref={focusField}
            messages={texts}
            send={send}
            onClose={closeChat}
            labels={labels}
          />
        )}
        <Notices call={call} media={media} labels={labels} />
      </div>
      <CallControls
        media={media}
        hand={hand}
        onHand={onHand}
        chat={chat}
        onChat={(open) => (open ? setChat(true) : closeChat())}
        chatRef={chatButton}
        unread={unread.length}
        onLeave={onLeave}
        labels={labels}
      >
        {children}
      </CallControls>
      <div className="rs-unseen" role="status">
        <p key={news.number}>{news.sentence}</p>
        {lastUnread && (
          <p key={`chat ${lastUnread.id}`}>
            {text.wrote(lastUnread.name.trim() || text.guest, lastUnread.body)}
          </p>
        )}
      </div>
    </>
  );
}

interface PeerTileProps {
  call: CallView;
  peer: Peer;
  speaking: boolean;
  labels: Partial<CallLabels> | undefined;
}

function PeerTile({ call, ...props }: PeerTileProps) {
  const { quality } = usePeerStats(call, props.peer.id);
  return <VideoTile {...props} quality={quality} />;
}

function focusField(chat: HTMLElement | null): void {
  chat?.querySelector('input')?.focus();
}
