import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { PlaceOrder } from './usePublish.example.js';
import { NotJson } from './usePublish.refused.example.js';

const meta: Meta = { title: 'Hooks/usePublish', decorators: [withProvider] };

export default meta;

export const Taken: StoryObj = {
  render: () => <PlaceOrder />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Order a pizza' }));
    await expect(await canvas.findByText('The hub has taken it.')).toBeVisible();
  },
};

export const Refused: StoryObj = {
  render: () => <NotJson />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Publish undefined' }));
    await expect(await canvas.findByText(/Publish null/)).toBeVisible();
  },
};
