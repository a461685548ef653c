import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Prices } from './useSignals.byKey.example.js';
import { Feed } from './useSignals.past.example.js';

const meta: Meta = { title: 'Hooks/useSignals', decorators: [withProvider] };

export default meta;

export const Past: StoryObj = {
  render: () => <Feed />,
  play: async ({ canvas }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }));
    const list = () => canvas.getByRole('list', { name: 'The latest five' });
    await canvas.findByText('open', {}, { timeout: 10_000 });
    const past = list().textContent;
    await press('Publish');
    await waitFor(() => expect(list().textContent).not.toBe(past));
    const before = list().textContent;
    await press('Hide');
    await press('Show');
    await waitFor(() => expect(list()).toHaveTextContent(before));
  },
};

export const ByKey: StoryObj = {
  render: () => <Prices />,
  play: async ({ canvas }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }));
    const list = canvas.getByRole('list', { name: 'Prices' });
    // What is published before the subscription is accepted is not heard.
    await waitFor(
      async () => {
        await press('Change Pears');
        await expect(list).toHaveTextContent(/Pears/);
      },
      { timeout: 10_000, interval: 500 },
    );
    await press('Change Apples');
    await press('Change Apples');
    await waitFor(() => expect(list).toHaveTextContent(/^Pears 0\.\d\dApples 0\.\d\d$/));
    await press('Remove Pears');
    await waitFor(() => expect(list).toHaveTextContent(/^Apples/));
  },
};
