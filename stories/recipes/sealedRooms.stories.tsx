import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import '../helpers/stories.css';
import { SealedRoom } from './sealedRooms.example.js';

const meta: Meta = { title: 'Recipes/Sealed rooms' };

export default meta;

const SECRETS = { Ana: 'k3Jx8Qw1Zr5Tn9Lb', Bo: 'k3Jx8Qw1Zr5Tn9Lb', Eve: 'y7Hd2Mf4Vc6Sg0Pa' };

export const WithTheLinkAndWithout: StoryObj = {
  render: () => (
    <div className="side-by-side">
      {Object.entries(SECRETS).map(([name, secret]) => (
        <section key={name} className="story" aria-label={name}>
          <strong>{name}</strong>
          <code>#{secret}</code>
          <SealedRoom name={name} secret={secret} />
        </section>
      ))}
    </div>
  ),
  play: async ({ canvas }) => {
    const page = (name: string) => within(canvas.getByRole('region', { name }));
    await page('Eve').findByText(/another link/, {}, { timeout: 10_000 });
    await userEvent.click(page('Ana').getByRole('button', { name: 'Say hello' }));
    await page('Bo').findByText('Hello from Ana');
    await expect(page('Eve').getByRole('list')).toBeEmptyDOMElement();
  },
};
