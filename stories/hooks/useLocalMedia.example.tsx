import { useLocalMedia } from 'react-signaling';

export function Preview() {
  const { camera, microphone, screen } = useLocalMedia({ camera: false, microphone: false });
  const show = (video: HTMLVideoElement | null) => {
    if (video && video.srcObject !== camera.stream) video.srcObject = camera.stream;
  };
  return (
    <>
      <video ref={show} autoPlay muted playsInline width={320} aria-label="You" />
      <button aria-pressed={camera.on} onClick={() => camera.set(!camera.on)}>
        Camera
      </button>
      <button aria-pressed={microphone.on} onClick={() => microphone.set(!microphone.on)}>
        Microphone
      </button>
      <button aria-pressed={screen.on} onClick={screen.on ? screen.stop : screen.start}>
        Share screen
      </button>
      <p role="status">{camera.error?.message ?? `The camera is ${camera.status}.`}</p>
    </>
  );
}
