'use client';

import { forwardRef, useId, type ComponentPropsWithoutRef } from 'react';
import type { LocalMedia } from '../call/index.js';
import { className } from './className.js';
import { DeviceMenu } from './DeviceMenu.js';
import { DeviceToggle } from './DeviceToggle.js';
import { deviceErrorText } from './errorText.js';
import { withLabels, type CallLabels } from './labels.js';
import { useLevel } from './useLevel.js';
import { VideoTile } from './VideoTile.js';

/** Props of {@link Lobby}, beside the attributes of a `<section>`. */
export interface LobbyProps extends ComponentPropsWithoutRef<'section'> {
  /** What `useLocalMedia` returns. */
  media: LocalMedia;
  /** Shown on the preview. Default: `Guest`. */
  name?: string | undefined;
  /** Called when the user wants to join. */
  onJoin: () => void;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/** What one looks and sounds like, before anybody else sees or hears it. `children`: further fields. */
export const Lobby = forwardRef<HTMLElement, LobbyProps>(function Lobby(
  {
    media: { camera, microphone, speaker },
    name,
    onJoin,
    labels,
    children,
    className: added,
    ...attributes
  },
  ref,
) {
  const text = withLabels(labels);
  const title = useId();
  const level = useLevel(microphone.on ? microphone.stream : null);
  const problems = [
    microphone.error && deviceErrorText('microphone', microphone.error, text),
    camera.error && deviceErrorText('camera', camera.error, text),
  ];
  return (
    <section
      aria-labelledby={title}
      {...attributes}
      ref={ref}
      className={className('rs-lobby', added)}
    >
      <div className="rs-preview">
        <VideoTile stream={camera.stream} camera={camera.on} name={name} mirrored labels={labels} />
        <div className="rs-preview-buttons">
          <DeviceToggle device={microphone} kind="microphone" label={text.mute} />
          <DeviceToggle device={camera} kind="camera" label={text.cameraOff} />
        </div>
      </div>
      <div className="rs-lobby-side">
        <h2 id={title}>{text.lobby}</h2>
        <DeviceMenu device={microphone} aria-label={text.chooseMicrophone} labels={labels} />
        <meter ref={level} className="rs-level" aria-label={text.level} />
        <DeviceMenu device={camera} aria-label={text.chooseCamera} labels={labels} />
        {speaker.devices.length > 0 && (
          <DeviceMenu device={speaker} aria-label={text.chooseSpeaker} labels={labels} />
        )}
        <div role="status">
          {/* The same sentence for both, as on a page without https, is shown once. */}
          {[...new Set(problems)].map((problem) => problem && <p key={problem}>{problem}</p>)}
        </div>
        {children}
        <button type="button" className="rs-button rs-primary" onClick={onJoin}>
          {text.join}
        </button>
      </div>
    </section>
  );
});
