import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { VideoTile } from '../src/components/VideoTile.js';
import { useTestPicture } from './useTestPicture.js';
import { expectMoving } from './expectMoving.js';

const meta = {
  title: 'Components/VideoTile',
  component: VideoTile,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          'One person of a call: their picture, their sound, their name. It plays what it is given, ' +
          'shows initials where there is no picture, and where the browser allows no sound before ' +
          'a click it plays silently and says so. These stories need neither hub nor camera.',
      },
    },
  },
  args: { name: 'Ana Reyes', stream: null },
  argTypes: { stream: { control: false } },
  decorators: [
    (Story) => (
      <div style={{ maxWidth: '30rem' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof VideoTile>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A drawn picture, which moves. */
export const Picture: Story = {
  render: function Picture(args) {
    const { stream } = useTestPicture(210);
    return <VideoTile {...args} stream={stream} />;
  },
  play: async ({ canvas }) => {
    await expectMoving(canvas.getByLabelText<HTMLVideoElement>('Video of Ana Reyes'));
  },
};

/** One's own tile: silent, and as in a mirror. */
export const Own: Story = {
  ...Picture,
  args: { name: 'Ana Reyes (you)', muted: true, mirrored: true },
  play: async ({ canvas }) => {
    const video = canvas.getByLabelText<HTMLVideoElement>('Video of Ana Reyes (you)');
    await expectMoving(video);
    await expect(video.muted).toBe(true);
  },
};

/** Without a stream, or with the camera off. */
export const NoPicture: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('AR')).toBeVisible();
    await expect(canvas.getByText('No picture')).toBeInTheDocument();
  },
};

/** Their microphone is off. */
export const MicrophoneOff: Story = {
  args: { microphone: false },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('figure')).toHaveTextContent('Microphone off: Ana Reyes');
  },
};

/** They have just come, and WebRTC is finding a way. */
export const Connecting: Story = {
  args: { state: 'connecting' },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Connecting…')).toBeVisible();
  },
};

/** The way to them was lost, and another one is sought. */
export const Reconnecting: Story = {
  ...Picture,
  args: { state: 'disconnected' },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Reconnecting…')).toBeVisible();
  },
};
