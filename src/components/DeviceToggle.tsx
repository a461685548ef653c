import type { LocalDevice } from '../call/index.js';
import { Icon } from './icons.js';

interface DeviceToggleProps {
  device: LocalDevice;
  kind: 'microphone' | 'camera';
  label: string;
}

/** Where the focus is in a call, these keys switch a device. */
export const SHORTCUTS = { microphone: 'M', camera: 'V' } as const;

/** Switches a device off while it is pressed: the label stays and `aria-pressed` changes. */
export function DeviceToggle({ device, kind, label }: DeviceToggleProps) {
  return (
    <button
      type="button"
      className="rs-round rs-off"
      aria-label={label}
      aria-pressed={!device.on}
      aria-keyshortcuts={SHORTCUTS[kind]}
      aria-busy={device.status === 'asking'}
      title={`${label} (${SHORTCUTS[kind]})`}
      onClick={() => device.set(!device.on)}
    >
      <Icon name={device.on ? kind : `${kind}-off`} />
    </button>
  );
}
