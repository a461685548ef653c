import type { Meta, StoryObj } from '@storybook/react-vite';
import { Entrance } from './Lobby.example.js';
import { expect, fn, userEvent } from 'storybook/test';
import { Lobby } from '../../src/components/Lobby.js';
import { SignalingError } from '../../src/index.js';
import { expectMoving } from '../helpers/expectMoving.js';
import { failedCamera, NO_MEDIA, useTestMedia } from '../helpers/useTestMedia.js';

const meta = {
  title: 'Call kit/Lobby',
  tags: ['both-themes'],
  component: Lobby,
  args: { media: NO_MEDIA, name: 'Ana Reyes', onJoin: fn() },
  decorators: [
    (Story) => (
      <div className="rs-call" style={{ blockSize: '30rem' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof Lobby>;

export default meta;
type Story = StoryObj<typeof meta>;

export const InUse: StoryObj = {
  render: function InUse() {
    return <Entrance media={useTestMedia(210)} onJoin={() => {}} />;
  },
};

/** Camera and microphone work. */
export const Ready: Story = {
  render: function Ready(args) {
    return <Lobby {...args} media={useTestMedia(210)} />;
  },
  play: async ({ args, canvas }) => {
    await expectMoving(await canvas.findByLabelText<HTMLVideoElement>('Video of Ana Reyes'));
    await userEvent.click(canvas.getByRole('button', { name: 'Join call' }));
    await expect(args.onJoin).toHaveBeenCalledOnce();
  },
};

/** The camera is blocked: it says what to do, and one can join without. */
export const Blocked: Story = {
  args: {
    media: failedCamera(new SignalingError('media-permission', 'getUserMedia was refused.')),
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('status')).toHaveTextContent(
      'Your camera is blocked. Allow it in your browser’s settings for this page.',
    );
    await expect(canvas.getByRole('button', { name: 'Join call' })).toBeEnabled();
  },
};
