import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent, within } from 'storybook/test';
import { VideoCall, type VideoCallProps } from '../../src/components/VideoCall.js';
import { MemoryDriver, SignalingProvider } from '../../src/index.js';
import { expectMoving } from '../helpers/expectMoving.js';
import '../helpers/stories.css';
import { IN_TEST_RUN, storyTopic } from '../helpers/topics.js';
import { useTestMedia } from '../helpers/useTestMedia.js';
import { MeetingOfOurOwn } from './VideoCall.own.example.js';

interface Args extends VideoCallProps {
  /** The camera of this device, or a drawn person. */
  picture: 'camera' | 'drawn';
  /** The colour of the drawn person's room, in degrees of the colour wheel. */
  hue: number;
}

/** One person with a connection of their own. */
function Person({ picture, hue, ...props }: Args) {
  const label = `Video call of ${props.name}`;
  return (
    <SignalingProvider>
      <div className="call-box">
        {picture === 'camera' ? (
          <VideoCall {...props} aria-label={label} />
        ) : (
          <DrawnPerson {...props} aria-label={label} hue={hue} />
        )}
      </div>
    </SignalingProvider>
  );
}

function DrawnPerson({ hue, ...props }: Omit<Args, 'picture'>) {
  return <VideoCall {...props} media={useTestMedia(hue)} />;
}

const meta: Meta<Args> = {
  title: 'Call kit/VideoCall',
  component: VideoCall,
  render: (args) => <Person {...args} />,
  parameters: {
    layout: 'padded',
  },
  args: {
    room: storyTopic('rooms/drawn'),
    name: 'Ana',
    picture: 'drawn',
    hue: 210,
  },
  argTypes: {
    picture: { control: 'inline-radio', options: ['camera', 'drawn'] },
    hue: { control: { type: 'range', min: 0, max: 359 } },
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
      <Person {...args} name="Bo" hue={args.hue + 210} />
    </div>
  ),
  play: async ({ canvas }) => {
    await seeMoving(callOf(canvas, 'Ana'), 'Bo');
    await seeMoving(callOf(canvas, 'Bo'), 'Ana');
    await expect(callOf(canvas, 'Ana').getByText('Bo joined.')).toBeInTheDocument();
  },
};

/** One person: open it in two tabs, or send somebody the address. */
export const OnePerTab: Story = {
  name: 'One person a tab',
  args: {
    lobby: true,
    room: storyTopic('rooms/tabs'),
    picture: IN_TEST_RUN ? 'drawn' : 'camera',
  },
  play: async ({ canvas }) => {
    // Before somebody's eyes they choose the name, and join by themselves.
    if (!IN_TEST_RUN) return;
    await seeMoving(callOf(canvas, 'Ana'), 'Ana');
    await userEvent.click(canvas.getByRole('button', { name: 'Join call' }));
    await seeMoving(callOf(canvas, 'Ana'), 'Ana (you)');
  },
};

/** Mute, camera off, a hand, a screen, a message: the other one sees each of them. */
export const WhatTheOtherSees: Story = {
  ...TwoPeers,
  name: 'What the other sees',
  args: { room: storyTopic('rooms/signs') },
  play: async ({ canvas }) => {
    const [ana, bo] = [callOf(canvas, 'Ana'), callOf(canvas, 'Bo')];
    await seeMoving(ana, 'Bo');
    const press = (name: string) => userEvent.click(bo.getByRole('button', { name }));

    await press('Mute microphone');
    await ana.findByText('Microphone off', { exact: false });
    await press('Turn camera off');
    await ana.findByText('Camera off');
    await press('Turn camera off');
    await seeMoving(ana, 'Bo');
    await press('Raise hand');
    await ana.findByText('Bo raised a hand.');
    await expect(ana.getByTitle('Hand raised')).toBeVisible();
    await press('Share screen');
    await ana.findByText('Bo is sharing a screen.');
    const screen = await ana.findByLabelText('Bo’s screen', {}, { timeout: 10_000 });
    await expectMoving(screen as HTMLVideoElement);
    await press('Chat');
    await userEvent.type(bo.getByRole('textbox', { name: 'Message' }), 'Hi Ana!{Enter}');
    await expect(await ana.findByRole('button', { name: 'Chat, 1 unread' })).toBeVisible();
  },
};

/** Other texts, a tile of one's own, and a further button. */
export const MadeOnesOwn: Story = {
  name: 'Made one’s own',
  args: { room: storyTopic('rooms/own'), hue: 30 },
  render: function MadeOnesOwn({ room, hue }) {
    return (
      <SignalingProvider>
        <div className="call-box">
          <MeetingOfOurOwn room={room} media={useTestMedia(hue)} />
        </div>
      </SignalingProvider>
    );
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Ada (du)', {}, { timeout: 10_000 })).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Auflegen' })).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Notizen' })).toBeVisible();
  },
};

/** Nobody else is there yet. This one needs no hub. */
export const Alone: Story = {
  render: function Alone({ room, name, hue }) {
    const [driver] = useState(() => new MemoryDriver());
    return (
      <SignalingProvider driver={driver}>
        <div className="call-box">
          <VideoCall room={room} name={name} media={useTestMedia(hue)} />
        </div>
      </SignalingProvider>
    );
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nobody else is here yet')).toBeVisible();
  },
};
