import type { Meta, StoryObj } from '@storybook/react-vite';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { Everybody } from './CallGrid.example.js';
import { expect, userEvent, waitFor } from 'storybook/test';
import { CallGrid } from '../../src/components/CallGrid.js';
import { VideoTile } from '../../src/components/VideoTile.js';

const NAMES = ['Ana Reyes', 'Bo Lindqvist', 'Cleo Adeyemi', 'Dana Kowalski', 'Emil Haddad'];

const meta = {
  title: 'Call kit/CallGrid',
  tags: ['both-themes'],
  component: CallGrid,
  args: { children: NAMES.map((name) => <VideoTile key={name} name={name} />) },
  decorators: [
    (Story) => (
      <div style={{ blockSize: '24rem', maxWidth: '48rem' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof CallGrid>;

export default meta;
type Story = StoryObj<typeof meta>;

export const InUse: StoryObj = {
  render: function InUse() {
    return <Everybody call={useFakeCall({ others: 4, sharing: true })} />;
  },
};

/** A click on a tile pins it, another one lets go of it. */
export const Pin: Story = {
  play: async ({ canvas }) => {
    const widthOf = (name: string) =>
      canvas.getByRole('button', { name: `Pin ${name}` }).getBoundingClientRect().width;
    await waitFor(() => expect(widthOf('Bo Lindqvist')).toBe(widthOf('Ana Reyes')));
    const pin = canvas.getByRole('button', { name: 'Pin Bo Lindqvist' });
    await userEvent.click(pin);
    await expect(pin).toHaveAttribute('aria-pressed', 'true');
    await waitFor(() => expect(widthOf('Bo Lindqvist')).toBeGreaterThan(2 * widthOf('Ana Reyes')));
    await userEvent.click(pin);
    await waitFor(() => expect(widthOf('Bo Lindqvist')).toBe(widthOf('Ana Reyes')));
  },
};

/** A screen is large as soon as it is there. */
export const Screen: Story = {
  args: {
    children: [
      <VideoTile key="screen" name="Bo Lindqvist" source="screen" />,
      ...NAMES.map((name) => <VideoTile key={name} name={name} />),
    ],
  },
  play: async ({ canvas }) => {
    await expect(
      canvas.getByRole('button', { name: 'Pin Bo Lindqvist’s screen', pressed: true }),
    ).toBeVisible();
  },
};
