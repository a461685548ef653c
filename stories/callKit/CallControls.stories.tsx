import type { Meta, StoryObj } from '@storybook/react-vite';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { Buttons } from './CallControls.example.js';
import { expect, fn, userEvent } from 'storybook/test';
import { CallControls } from '../../src/components/CallControls.js';
import { SignalingError } from '../../src/index.js';
import { failedCamera, NO_MEDIA, useTestMedia } from '../helpers/useTestMedia.js';

const meta = {
  title: 'Call kit/CallControls',
  tags: ['both-themes'],
  component: CallControls,
  args: { media: NO_MEDIA, onHand: fn(), onChat: fn(), onLeave: fn(), unread: 2 },
} satisfies Meta<typeof CallControls>;

export default meta;
type Story = StoryObj<typeof meta>;

export const InUse: StoryObj = {
  render: function InUse() {
    return <Buttons call={useFakeCall({ others: 0 })} media={useTestMedia(210)} />;
  },
};

/** Everything is there. */
export const Live: Story = {
  render: function Live(args) {
    return <CallControls {...args} media={useTestMedia(210)} />;
  },
  play: async ({ args, canvas }) => {
    const microphone = await canvas.findByRole('button', {
      name: 'Mute microphone',
      pressed: false,
    });
    await userEvent.click(microphone);
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
    await userEvent.keyboard('{Enter}');
    await expect(
      await canvas.findByRole('button', { name: 'Mute microphone', pressed: false }),
    ).toHaveFocus();
    await expect(canvas.getByRole('combobox', { name: 'Choose a camera' })).toHaveDisplayValue(
      'Drawn camera',
    );
    await userEvent.click(canvas.getByRole('button', { name: 'Raise hand' }));
    await expect(args.onHand).toHaveBeenCalledWith(true);
    await userEvent.click(canvas.getByRole('button', { name: 'Chat, 2 unread' }));
    await expect(args.onChat).toHaveBeenCalledWith(true);
    await userEvent.click(canvas.getByRole('button', { name: 'Leave call' }));
    await expect(args.onLeave).toHaveBeenCalledOnce();
  },
};

/** No device is there: one can still watch, listen and leave. */
export const WithoutDevices: Story = {
  args: {
    media: failedCamera(new SignalingError('media-device', 'getUserMedia found no camera.')),
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Mute microphone' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expect(canvas.getByRole('combobox', { name: 'Choose a camera' })).toBeDisabled();
    await expect(canvas.getByRole('button', { name: 'Leave call' })).toBeEnabled();
  },
};
