'use client';

import { forwardRef, type ComponentPropsWithoutRef } from 'react';
import type { LocalSpeaker } from '../call/index.js';
import { className } from './className.js';
import { Icon } from './icons.js';
import { withLabels, type CallLabels } from './labels.js';

/** Props of {@link DeviceMenu}, beside the attributes of a `<select>`. */
export interface DeviceMenuProps extends Omit<ComponentPropsWithoutRef<'select'>, 'children'> {
  /** `media.camera`, `media.microphone` or `media.speaker` of `useLocalMedia`. */
  device: Pick<LocalSpeaker, 'devices' | 'deviceId' | 'select'>;
  /** Its accessible name, such as "Choose a camera". */
  'aria-label': string;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

/** Chooses one of the cameras, microphones or speakers. The browser's own menu, so every device can use it. */
export const DeviceMenu = forwardRef<HTMLSelectElement, DeviceMenuProps>(function DeviceMenu(
  { device, labels, className: added, ...attributes },
  ref,
) {
  const text = withLabels(labels);
  const { devices, deviceId = '', select } = device;
  return (
    <span className="rs-menu">
      <select
        title={attributes['aria-label']}
        disabled={devices.length === 0}
        {...attributes}
        ref={ref}
        className={className('rs-select', added)}
        value={deviceId}
        onChange={({ currentTarget }) => select(currentTarget.value)}
      >
        {!devices.some((one) => one.deviceId === deviceId) && (
          <option value={deviceId} hidden>
            {attributes['aria-label']}
          </option>
        )}
        {devices.map((one, index) => (
          <option key={one.deviceId} value={one.deviceId}>
            {one.label || text.device(index + 1)}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
});
