'use client';

import { forwardRef, useSyncExternalStore, type ComponentPropsWithoutRef, type Ref } from 'react';
import type { LocalMedia } from '../call/index.js';
import { className } from './className.js';
import { DeviceMenu } from './DeviceMenu.js';
import { DeviceToggle } from './DeviceToggle.js';
import { Icon, type IconName } from './icons.js';
import { withLabels, type CallLabels } from './labels.js';

/** Props of {@link CallControls}, beside the attributes of a `<div>`. */
export interface CallControlsProps extends ComponentPropsWithoutRef<'div'> {
  /** What `useLocalMedia` returns. */
  media: LocalMedia;
  /** Whether one's hand is up. */
  hand?: boolean | undefined;
  /** Raises or lowers it. Without it there is no such button. */
  onHand?: ((up: boolean) => void) | undefined;
  /** Whether the chat is open. */
  chat?: boolean | undefined;
  /** Opens or closes it. Without it there is no such button. */
  onChat?: ((open: boolean) => void) | undefined;
  /** How many messages wait to be read. Default: `0`. */
  unread?: number | undefined;
  /** The chat's button, for bringing the focus back to it. */
  chatRef?: Ref<HTMLButtonElement> | undefined;
  /** Without it there is no such button. */
  onLeave?: (() => void) | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/** The buttons of a call: microphone, camera, screen, hand, chat, `children`, leave. */
export const CallControls = forwardRef<HTMLDivElement, CallControlsProps>(function CallControls(
  {
    media: { microphone, camera, screen },
    hand = false,
    onHand,
    chat = false,
    onChat,
    unread = 0,
    chatRef,
    onLeave,
    labels,
    children,
    className: added,
    ...attributes
  },
  ref,
) {
  const text = withLabels(labels);
  const canShare = useCanShare();
  return (
    <div
      role="group"
      aria-label={text.controls}
      {...attributes}
      ref={ref}
      className={className('rs-controls', added)}
    >
      <div className="rs-split">
        <DeviceToggle device={microphone} kind="microphone" label={text.mute} />
        <DeviceMenu device={microphone} aria-label={text.chooseMicrophone} labels={labels} />
      </div>
      <div className="rs-split">
        <DeviceToggle device={camera} kind="camera" label={text.cameraOff} />
        <DeviceMenu device={camera} aria-label={text.chooseCamera} labels={labels} />
      </div>
      {canShare && (
        <Toggle
          label={text.shareScreen}
          icon="screen"
          pressed={screen.on}
          onClick={() => (screen.on ? screen.stop() : screen.start())}
        />
      )}
      {onHand && (
        <Toggle label={text.raiseHand} icon="hand" pressed={hand} onClick={() => onHand(!hand)} />
      )}
      {onChat && (
        <Toggle
          buttonRef={chatRef}
          label={unread > 0 ? `${text.chat}, ${text.unread(unread)}` : text.chat}
          icon="chat"
          pressed={chat}
          badge={unread}
          onClick={() => onChat(!chat)}
        />
      )}
      {children}
      {onLeave && (
        <button
          type="button"
          className="rs-round rs-leave"
          aria-label={text.leave}
          title={text.leave}
          onClick={onLeave}
        >
          <Icon name="leave" />
        </button>
      )}
    </div>
  );
});

interface ToggleProps {
  label: string;
  icon: IconName;
  pressed: boolean;
  badge?: number;
  buttonRef?: Ref<HTMLButtonElement> | undefined;
  onClick: () => void;
}

function Toggle({ label, icon, pressed, badge = 0, buttonRef, onClick }: ToggleProps) {
  return (
    <button
      ref={buttonRef}
      type="button"
      className="rs-round"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
      {badge > 0 && <span className="rs-badge">{badge}</span>}
    </button>
  );
}

/** Browsers of phones share no screen. */
function useCanShare(): boolean {
  return useSyncExternalStore(
    never,
    () => typeof navigator.mediaDevices?.getDisplayMedia === 'function',
    () => false,
  );
}

const never = () => () => {};
