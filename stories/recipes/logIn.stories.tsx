import type { Meta, StoryObj } from '@storybook/react-vite';
import { SignJWT } from 'jose';
import { usePublish } from 'react-signaling';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { App } from './logIn.example.js';

const meta: Meta = { title: 'Recipes/Login and logout', decorators: [withProvider] };

export default meta;

/** What a server does: it signs with the key that it shares with the hub, here that of Mercure's demo. */
const logIn = () =>
  new SignJWT({ mercure: { subscribe: ['https://example.com/users/2/{id}'] } })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode('!ChangeThisMercureHubJWTSecretKey!'));

export const PrivateLetters: StoryObj = {
  render: () => (
    <>
      <App logIn={logIn} />
      <Server />
    </>
  ),
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Log in' }));
    await canvas.findByRole('button', { name: 'Log out' });
    await waitFor(
      async () => {
        await userEvent.click(canvas.getByRole('button', { name: 'Server writes a letter' }));
        await expect(canvas.getByRole('status')).toHaveTextContent(/^Dear Bo/);
      },
      { timeout: 10_000, interval: 500 },
    );
  },
};

function Server() {
  const publish = usePublish<string>('https://example.com/users/2/letters');
  const write = () =>
    publish(`Dear Bo, it is ${new Date().toLocaleTimeString()}.`, { private: true });
  return <button onClick={() => void write()}>Server writes a letter</button>;
}
