import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { DeviceMenu } from '../../src/components/DeviceMenu.js';
import { NO_MEDIA, useTestMedia } from '../helpers/useTestMedia.js';
import { ChooseDevices } from './DeviceMenu.example.js';

const meta = {
  title: 'Call kit/DeviceMenu',
  tags: ['both-themes'],
  component: DeviceMenu,
  args: { device: NO_MEDIA.camera, 'aria-label': 'Choose a camera' },
} satisfies Meta<typeof DeviceMenu>;

export default meta;
type Story = StoryObj<typeof meta>;

export const InUse: Story = {
  render: function InUse() {
    return <ChooseDevices media={useTestMedia(210)} />;
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByDisplayValue('Drawn camera')).toBeEnabled();
  },
};

/** There is none. */
export const NothingToChoose: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('combobox')).toBeDisabled();
  },
};
