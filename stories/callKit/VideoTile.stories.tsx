import type { Meta, StoryObj } from '@storybook/react-vite';
import type { CallView } from 'react-signaling';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { Person } from './VideoTile.example.js';
import { expect } from 'storybook/test';
import { VideoTile } from '../../src/components/VideoTile.js';
import { expectMoving } from '../helpers/expectMoving.js';
import { useTestMedia } from '../helpers/useTestMedia.js';

const meta = {
  title: 'Call kit/VideoTile',
  tags: ['both-themes'],
  component: VideoTile,
  args: { name: 'Ana Reyes', stream: null },
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

export const InUse: StoryObj = {
  render: function InUse() {
    return <FirstOf call={useFakeCall({ others: 1 })} />;
  },
};

/** A drawn person, who moves. */
export const Picture: Story = {
  render: function Picture(args) {
    const { camera } = useTestMedia(210);
    return <VideoTile {...args} stream={camera.stream} />;
  },
  play: async ({ canvas }) => {
    const video = canvas.getByLabelText<HTMLVideoElement>('Video of Ana Reyes');
    await expectMoving(video);
    await expect(video.muted).toBe(true);
  },
};

/** One's own tile: as in a mirror. */
export const Own: Story = {
  ...Picture,
  args: { name: 'Ana Reyes (you)', mirrored: true },
  play: async ({ canvas }) => {
    await expectMoving(canvas.getByLabelText<HTMLVideoElement>('Video of Ana Reyes (you)'));
  },
};

/** The camera is off, and so is the microphone. */
export const Off: Story = {
  args: { camera: false, microphone: false },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('AR')).toBeVisible();
    await expect(canvas.getByRole('figure')).toHaveTextContent('Camera off');
    await expect(canvas.getByRole('figure')).toHaveTextContent('Microphone off: Ana Reyes');
  },
};

/** They speak. */
export const Speaking: Story = {
  ...Picture,
  args: { speaking: true },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('figure')).toHaveTextContent('Ana Reyes, Speaking');
  },
};

/** A hand is up, and the connection is weak. */
export const Signs: Story = {
  ...Picture,
  args: { hand: true, quality: 'poor' },
  play: async ({ canvas }) => {
    await expect(canvas.getByTitle('Hand raised')).toBeVisible();
    await expect(canvas.getByTitle('Weak connection')).toBeVisible();
  },
};

/** They have just come, and WebRTC looks for a path. */
export const Connecting: Story = {
  args: { state: 'connecting' },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Connecting…')).toBeVisible();
  },
};

/** The path to them was lost, and another one is looked for. */
export const Reconnecting: Story = {
  ...Picture,
  args: { state: 'disconnected' },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('Reconnecting…')).toBeVisible();
  },
};

function FirstOf({ call }: { call: CallView }) {
  return <Person call={call} peer={call.peers[0]!} />;
}
