import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';
import '../helpers/stories.css';
import { App } from './SignalingProvider.example.js';
import { App as AppOfTabs } from './SignalingProvider.tabs.example.js';

const meta: Meta = {
  title: 'Hooks/SignalingProvider',
  decorators: [
    (Story) => (
      <div className="story">
        <Story />
      </div>
    ),
  ],
};

export default meta;

export const OwnDriver: StoryObj = {
  render: () => <App />,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('open', {}, { timeout: 10_000 })).toBeVisible();
  },
};

export const OneForAllTabs: StoryObj = {
  render: () => <AppOfTabs />,
  play: async ({ canvas }) => {
    await canvas.findByText(/^open/, {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Greet all tabs' }));
    await expect(await canvas.findByText(/^open: \d/)).toBeVisible();
  },
};
