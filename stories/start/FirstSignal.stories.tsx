import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';
import '../helpers/stories.css';
import { App } from './FirstSignal.example.js';

const meta: Meta = {
  title: 'Start/First signal',
  decorators: [
    (Story) => (
      <div className="story">
        <Story />
      </div>
    ),
  ],
};

export default meta;

export const ADoorbell: StoryObj = {
  name: 'A doorbell',
  render: () => <App />,
  play: async ({ canvas }) => {
    await canvas.findByText('open', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Ring' }));
    await expect(await canvas.findByText(/^Last rung at/)).toBeVisible();
  },
};
