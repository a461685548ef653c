import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { storyTopic } from '../helpers/topics.js';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Chat } from './chat.example.js';

const meta: Meta = { title: 'Recipes/Chat with presence and typing', tags: ['both-themes'] };

export default meta;

const room = storyTopic('chat');

export const TwoInARoom: StoryObj = {
  render: () => <TwoPeople>{(name) => <Chat room={room} name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) => within(canvas.getByRole('region', { name })));
    await ana!.findByText('Here with you: Bo', {}, { timeout: 10_000 });
    await bo!.findByText('Here with you: Ana', {}, { timeout: 10_000 });
    const box = ana!.getByRole('textbox', { name: 'Message' });
    await userEvent.type(box, 'Tea at four?');
    await bo!.findByText('Ana typing …');
    await userEvent.type(box, '{Enter}');
    for (const page of [ana!, bo!]) {
      await waitFor(() => expect(page.getByRole('log')).toHaveTextContent('Tea at four?'));
    }
    await waitFor(() => expect(bo!.queryByText('Ana typing …')).toBeNull());
    await expect(box).toHaveValue('');
  },
};
