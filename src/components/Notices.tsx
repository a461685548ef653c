import { useState } from 'react';
import { CROWD } from '../call/Call.js';
import type { LocalMedia } from '../call/index.js';
import type { SignalingError } from '../driver/index.js';
import type { CallView } from '../react/call/CallView.js';
import { useConnection } from '../react/useConnection.js';
import { CallAudio } from './CallAudio.js';
import { ConnectionStatus } from './ConnectionStatus.js';
import { deviceErrorText, errorText } from './errorText.js';
import { Icon } from './icons.js';
import { withLabels, type CallLabels } from './labels.js';

interface NoticesProps {
  call: CallView;
  media: LocalMedia;
  labels: Partial<CallLabels> | undefined;
}

/** What has to be said over the tiles; nothing, while all is well. */
export function Notices({ call, media, labels }: NoticesProps) {
  const text = withLabels(labels);
  const connection = useConnection();
  const { microphone, camera, screen } = media;
  const isLost = connection.status === 'reconnecting' || connection.status === 'closed';
  const isJoined = call.status === 'joined';
  const [acceptsCrowd, acceptCrowd] = useState(false);
  return (
    <div className="rs-notices">
      <CallAudio peers={call.peers} speaker={media.speaker.deviceId} labels={labels} />
      {isLost && !isJoined && <ConnectionStatus className="rs-notice" labels={labels} />}
      {/* The others are still connected, so the reason can stay out of their faces. */}
      {isLost && isJoined && (
        <Notice
          message={text[connection.status]}
          action={text.reconnect}
          onAction={connection.reconnect}
        />
      )}
      <Problem
        // The connection says its own error.
        error={isLost && call.error === connection.error ? undefined : call.error}
        message={(error) => errorText(error, text)}
        onRetry={call.status === 'left' ? call.rejoin : undefined}
        text={text}
      />
      <Problem
        error={microphone.error}
        message={(error) => deviceErrorText('microphone', error, text)}
        onRetry={() => microphone.set(true)}
        text={text}
      />
      <Problem
        error={camera.error}
        message={(error) => deviceErrorText('camera', error, text)}
        onRetry={() => camera.set(true)}
        text={text}
      />
      <Problem error={screen.error} message={() => text.screenFailed} text={text} />
      {screen.on && (
        <Notice message={text.sharing} action={text.stopSharing} onAction={screen.stop} />
      )}
      {call.status === 'joining' && !isLost && <p className="rs-notice">{text.joining}</p>}
      {isJoined && call.peers.length === 0 && !call.error && (
        <p className="rs-notice">{text.alone}</p>
      )}
      {call.peers.length >= CROWD && !acceptsCrowd && (
        <Notice
          message={text.crowded(call.peers.length + 1)}
          action={text.dismiss}
          onAction={() => acceptCrowd(true)}
        />
      )}
    </div>
  );
}

interface NoticeProps {
  message: string;
  action: string;
  onAction: () => void;
}

/** A sentence over the tiles, and what to do about it. */
function Notice({ message, action, onAction }: NoticeProps) {
  return (
    <div className="rs-notice" role="status">
      <p>{message}</p>
      <button type="button" className="rs-button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}

interface ProblemProps {
  error: SignalingError | undefined;
  message: (error: SignalingError) => string;
  onRetry?: (() => void) | undefined;
  text: CallLabels;
}

/** What went wrong, until it is over or dismissed. */
function Problem({ error, message, onRetry, text }: ProblemProps) {
  const [dismissed, dismiss] = useState<SignalingError>();
  if (!error || error === dismissed) return null;
  return (
    <div className="rs-notice" role="alert">
      <p>{message(error)}</p>
      {onRetry && (
        <button type="button" className="rs-button" onClick={onRetry}>
          {text.retry}
        </button>
      )}
      <button
        type="button"
        className="rs-plain"
        aria-label={text.dismiss}
        title={text.dismiss}
        onClick={() => dismiss(error)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
