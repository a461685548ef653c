import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent, within } from 'storybook/test';
import { VideoCall, type VideoCallProps } from '../src/components/VideoCall.js';
import { MemoryDriver, SignalingProvider, useLocalMedia } from '../src/index.js';
import { expectMoving } from './expectMoving.js';
import './stories.css';
import { IN_TEST_RUN, storyTopic } from './topics.js';
import { useTestPicture } from './useTestPicture.js';

interface Args extends VideoCallProps {
  /** The camera of this device, or a drawn test picture. */
  picture: 'camera' | 'drawn';
  /** The colour of the drawn picture, in degrees of the colour wheel. */
  hue: number;
}

/** One person with a connection and media of their own. */
function Person({ picture, hue, ...props }: Args) {
  const [instead, setInstead] = useState(false);
  const drawn = picture === 'drawn' || instead;
  const camera = useLocalMedia(undefined, { enabled: !drawn });
  const drawing = useTestPicture(hue, { enabled: drawn });
  return (
    <div className="story">
      <SignalingProvider>
        <VideoCall
          {...props}
          aria-label={`Video call of ${props.name}`}
          media={drawn ? drawing : camera}
        />
      </SignalingProvider>
      {!drawn && camera.error && (
        <div className="row">
          <p>No camera here?</p>
          <button onClick={() => setInstead(true)}>Send a drawn test picture</button>
        </div>
      )}
    </div>
  );
}

const meta: Meta<Args> = {
  title: 'Components/VideoCall',
  component: VideoCall,
  render: (args) => <Person {...args} />,
  parameters: {
    layout: 'padded',
    docs: {
      description: {
        component:
          'A whole call: everybody’s tile, the controls, how the hub stands, and what went wrong. ' +
          'Signaled by the hub in the server of this Storybook, connected over WebRTC. Open a ' +
          'story in a second tab: it joins the same room.',
      },
    },
  },
  args: {
    room: storyTopic('rooms/lobby'),
    name: 'Ana',
    picture: IN_TEST_RUN ? 'drawn' : 'camera',
    hue: 210,
  },
  argTypes: {
    picture: { control: 'inline-radio', options: ['camera', 'drawn'] },
    hue: { control: { type: 'range', min: 0, max: 359 } },
    rtc: { control: false },
    media: { control: false },
    onLeave: { control: false },
  },
};

export default meta;
type Story = StoryObj<Args>;
type Canvas = ReturnType<typeof within>;

const callOf = (canvas: Canvas, name: string) =>
  within(canvas.getByRole('region', { name: `Video call of ${name}` }));
const seeMoving = async (canvas: Canvas, name: string) => {
  const video = await canvas.findByLabelText(`Video of ${name}`, {}, { timeout: 20_000 });
  await expectMoving(video as HTMLVideoElement);
};

/** Two people in one page, each with a connection to the hub and media of their own. */
export const TwoPeers: Story = {
  name: 'Video call',
  render: (args) => (
    <div className="side-by-side">
      <Person {...args} />
      <Person {...args} name="Bo" hue={args.hue + 180} />
    </div>
  ),
  play: async ({ args, canvas }) => {
    // Before somebody's eyes the browser may still be asking for the camera.
    if (args.picture === 'camera') return;
    await seeMoving(callOf(canvas, 'Ana'), 'Bo');
    await seeMoving(callOf(canvas, 'Bo'), 'Ana');
    await expect(callOf(canvas, 'Ana').getByText('2 people')).toBeVisible();
    await expect(callOf(canvas, 'Ana').getByText('Bo joined. 2 people.')).toBeInTheDocument();
  },
};

/** One person: open it in two tabs, or send somebody the address. */
export const OnePerTab: Story = {
  name: 'One person a tab',
  play: async ({ args, canvas }) => {
    if (args.picture === 'camera') return;
    await seeMoving(callOf(canvas, 'Ana'), 'Ana (you)');
  },
};

/** Microphone off and on, then one leaves, and comes back. */
export const MuteAndLeave: Story = {
  ...TwoPeers,
  name: 'Mute, leave, come back',
  args: { picture: 'drawn', room: storyTopic('rooms/leaving') },
  play: async ({ canvas }) => {
    const [ana, bo] = [callOf(canvas, 'Ana'), callOf(canvas, 'Bo')];
    await seeMoving(ana, 'Bo');

    const microphone = bo.getByRole('button', { name: 'Mute microphone' });
    await userEvent.click(microphone);
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(microphone);
    await expect(microphone).toHaveAttribute('aria-pressed', 'false');

    await userEvent.click(bo.getByRole('button', { name: 'Leave call' }));
    await expect(
      await ana.findByText('Bo left. Nobody else is here.', {}, { timeout: 10_000 }),
    ).toBeInTheDocument();
    await expect(ana.queryByLabelText('Video of Bo')).toBeNull();

    await userEvent.click(bo.getByRole('button', { name: 'Join again' }));
    await seeMoving(ana, 'Bo');
    await seeMoving(bo, 'Ana');
  },
};

/** Nobody else is there yet. This one needs no hub. */
export const Alone: Story = {
  tags: ['autodocs'],
  render: function Alone({ room, name, hue }) {
    const [driver] = useState(() => new MemoryDriver());
    return (
      <SignalingProvider driver={driver}>
        <VideoCall room={room} name={name} media={useTestPicture(hue)} />
      </SignalingProvider>
    );
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Connected')).toBeVisible();
    await expect(canvas.getByText('Nobody else is here')).toBeVisible();
  },
};
