import type { ComponentProps } from 'react';
import { useCall, useCallMessages, useLocalMedia, useSpeaking } from 'react-signaling';

/** A call page of one's own, from the hooks alone. */
export function OwnCallPage({ room, name }: { room: string; name: string }) {
  const media = useLocalMedia();
  const { camera, microphone, screen } = media;
  const call = useCall({ room, name, media });
  const speaking = useSpeaking(call);
  const { messages, send } = useCallMessages<string>(call, 'chat');

  if (call.status === 'left') return <button onClick={call.rejoin}>Join again</button>;
  return (
    <div>
      <Video stream={camera.stream} muted aria-label="You" />
      {call.peers.map((peer) => (
        <figure key={peer.id} style={{ outline: speaking.has(peer.id) ? '3px solid' : '' }}>
          {/* It is heard here, also while its camera is off. */}
          <Video stream={peer.camera} hidden={peer.muted.camera} aria-label={peer.name} />
          {peer.screen && <Video stream={peer.screen} aria-label="Screen" />}
          <figcaption>
            {peer.name} {peer.muted.microphone && '(muted)'}
          </figcaption>
        </figure>
      ))}
      <button onClick={() => microphone.set(!microphone.on)}>
        {microphone.on ? 'Mute' : 'Unmute'}
      </button>
      <button onClick={() => camera.set(!camera.on)}>
        {camera.on ? 'Turn camera off' : 'Turn camera on'}
      </button>
      <button onClick={screen.on ? screen.stop : screen.start}>
        {screen.on ? 'Stop sharing' : 'Share screen'}
      </button>
      <button onClick={call.leave}>Leave</button>
      {messages.map(({ id, own, name, body }) => (
        <p key={id}>
          {own ? 'You' : name}: {body}
        </p>
      ))}
      <form action={(form) => send(form.get('text') as string)}>
        <input name="text" aria-label="Message" required /> <button>Send</button>
      </form>
    </div>
  );
}

function Video({
  stream,
  ...attributes
}: ComponentProps<'video'> & { stream: MediaStream | null }) {
  const play = (video: HTMLVideoElement | null) => {
    if (video && video.srcObject !== stream) video.srcObject = stream;
  };
  return <video ref={play} autoPlay playsInline {...attributes} />;
}
