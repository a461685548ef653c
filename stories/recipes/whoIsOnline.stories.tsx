import { useState } from 'react';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { SignalingProvider } from 'react-signaling';
import { userEvent, within } from 'storybook/test';
import '../helpers/stories.css';
import { WhoIsOnline } from './whoIsOnline.example.js';

const meta: Meta = { title: 'Recipes/Who is online' };

export default meta;

const ana = { id: '1', name: 'Ana' };
const bo = { id: '2', name: 'Bo' };

export const OnceForEachUser: StoryObj = {
  render: () => (
    <div className="side-by-side">
      <Tab label="A tab of Ana" user={ana} />
      <Tab label="Another tab of Ana" user={ana} />
      <Tab label="A tab of Bo" user={bo} />
    </div>
  ),
  play: async ({ canvas }) => {
    const tab = (name: string) => within(canvas.getByRole('region', { name }));
    await tab('A tab of Ana').findByText('Bo', {}, { timeout: 10_000 });
    await tab('Another tab of Ana').findByText('Bo', {}, { timeout: 10_000 });
    await tab('A tab of Bo').findByText('Ana', {}, { timeout: 10_000 });
    await tab('A tab of Bo').findByText('You and 1 more');
    await userEvent.click(tab('A tab of Bo').getByRole('button', { name: 'Close' }));
    await tab('A tab of Ana').findByText('Only you');
  },
};

function Tab({ label, user }: { label: string; user: typeof ana }) {
  const [isOpen, setOpen] = useState(true);
  return (
    <section className="story" aria-label={label}>
      <strong>{label}</strong>
      <button onClick={() => setOpen(!isOpen)}>{isOpen ? 'Close' : 'Open'}</button>
      {isOpen && (
        <SignalingProvider>
          <WhoIsOnline user={user} />
        </SignalingProvider>
      )}
    </section>
  );
}
