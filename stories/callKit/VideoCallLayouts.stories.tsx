import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent } from 'storybook/test';
import { InCall } from '../../src/components/InCall.js';
import { MemoryDriver, SignalingProvider } from '../../src/index.js';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { useTestMedia } from '../helpers/useTestMedia.js';

interface Args {
  people: number;
  sharing: boolean;
  texts: readonly string[];
}

const TEXTS = [
  'Morning! Can everybody see the slide?',
  'Yes, loud and clear.',
  'The bar in September looks odd.',
  'That was the week we moved to the new hub.',
];

/** What `VideoCall` shows in a call, of people who are drawn. */
function Scene({ people, sharing, texts }: Args) {
  const [driver] = useState(() => new MemoryDriver());
  const [hand, setHand] = useState(false);
  const call = useFakeCall({ others: people - 1, sharing, texts });
  return (
    <SignalingProvider driver={driver}>
      <section className="rs-call" aria-label="Video call" style={{ blockSize: '100dvb' }}>
        <InCall
          call={call}
          media={useTestMedia(210)}
          name="Ana"
          hand={hand}
          onHand={setHand}
          onLeave={() => {}}
        />
      </section>
    </SignalingProvider>
  );
}

const meta: Meta<Args> = {
  title: 'Call kit/VideoCall/Layouts',
  tags: ['both-themes'],
  render: (args) => <Scene {...args} />,
  parameters: {
    layout: 'fullscreen',
  },
  args: { people: 4, sharing: false, texts: TEXTS },
};

export default meta;
type Story = StoryObj<Args>;

/** Nobody is pinned: all tiles have the same size. */
export const Grid: Story = {
  play: async ({ args, canvas }) => {
    await expect(canvas.getAllByRole('figure')).toHaveLength(args.people);
  },
};

/** A shared screen pins itself; who shares it stands first beside it. */
export const ScreenShare: Story = {
  args: { sharing: true },
  play: async ({ canvas }) => {
    const pin = await canvas.findByRole('button', { name: 'Pin Bo Lindqvist’s screen' });
    await expect(pin).toHaveAttribute('aria-pressed', 'true');
  },
};

/** The chat, which covers the tiles where it is narrow. */
export const ChatOpen: Story = {
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button', { name: /^Chat/ }));
    await expect(canvas.getByRole('textbox', { name: 'Message' })).toHaveFocus();
  },
};
