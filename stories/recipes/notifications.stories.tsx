import type { Meta, StoryObj } from '@storybook/react-vite';
import { useConnection, usePublish } from 'react-signaling';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Notifications } from './notifications.example.js';

const meta: Meta = { title: 'Recipes/Notifications', decorators: [withProvider] };

export default meta;

export const OfOneUser: StoryObj = {
  render: () => (
    <>
      <Server />
      <Notifications userId="1" />
    </>
  ),
  play: async ({ canvas }) => {
    const button = canvas.getByRole('button', { name: 'Server notifies' });
    await waitFor(() => expect(button).toBeEnabled(), { timeout: 10_000 });
    await userEvent.click(button);
    await userEvent.click(
      await canvas.findByRole('button', { name: 'Dismiss: Your order is on its way.' }),
    );
    await waitFor(() => expect(canvas.getByRole('list')).toBeEmptyDOMElement());
  },
};

function Server() {
  const notify = usePublish('https://example.com/users/1/notifications');
  const { status } = useConnection();
  const send = () => notify({ id: crypto.randomUUID(), text: 'Your order is on its way.' });
  return (
    <button disabled={status !== 'open'} onClick={() => void send()}>
      Server notifies
    </button>
  );
}
