'use client';

import type { ComponentPropsWithoutRef } from 'react';
import type { LocalMedia } from '../react/useLocalMedia.js';
import { className } from './className.js';
import { Icon } from './icons.js';

/** What {@link CallControls} takes beside the attributes of a `<div>`. */
export interface CallControlsProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** What the buttons switch, as `useLocalMedia` gives it. */
  media: LocalMedia;
  /** Called when the user wants to leave. Default: none, and no such button. */
  onLeave?: (() => void) | undefined;
}

/** The buttons of a call: microphone, camera, leave. */
export function CallControls({
  media,
  onLeave,
  className: added,
  ...attributes
}: CallControlsProps) {
  const has = (kind: string) =>
    media.stream?.getTracks().some((track) => track.kind === kind) ?? false;
  return (
    <div
      role="group"
      aria-label="Call controls"
      {...attributes}
      className={className('rs-controls', added)}
    >
      <Toggle
        label="Mute microphone"
        icon={media.microphone ? 'microphone' : 'microphone-off'}
        pressed={!media.microphone}
        disabled={!has('audio')}
        onClick={() => media.setMicrophone(!media.microphone)}
      />
      <Toggle
        label="Turn camera off"
        icon={media.camera ? 'camera' : 'camera-off'}
        pressed={!media.camera}
        disabled={!has('video')}
        onClick={() => media.setCamera(!media.camera)}
      />
      {onLeave && (
        <button
          type="button"
          className="rs-button rs-round rs-leave"
          aria-label="Leave call"
          title="Leave call"
          onClick={onLeave}
        >
          <Icon name="leave" />
        </button>
      )}
    </div>
  );
}

interface ToggleProps {
  label: string;
  icon: ComponentPropsWithoutRef<typeof Icon>['name'];
  pressed: boolean;
  disabled: boolean;
  onClick: () => void;
}

/** Its label stays and `aria-pressed` changes: together they say how it stands. */
function Toggle({ label, icon, pressed, disabled, onClick }: ToggleProps) {
  return (
    <button
      type="button"
      className="rs-button rs-round"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
