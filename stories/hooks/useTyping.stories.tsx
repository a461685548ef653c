import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Draft } from './useTyping.example.js';

const meta: Meta = { title: 'Hooks/useTyping' };

export default meta;

export const WhoIsTyping: StoryObj = {
  render: () => <TwoPeople>{(name) => <Draft name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) => within(canvas.getByRole('region', { name })));
    // What is published before the other one listens is not heard.
    await waitFor(
      async () => {
        await userEvent.click(ana!.getByRole('button', { name: 'Clear' }));
        await userEvent.type(ana!.getByRole('textbox', { name: 'Draft' }), 'Hi');
        await bo!.findByText('Ana is typing …', {}, { timeout: 500 });
      },
      { timeout: 10_000 },
    );
    await expect(ana!.getByRole('status')).toBeEmptyDOMElement();
    await userEvent.click(ana!.getByRole('button', { name: 'Clear' }));
    await waitFor(() => expect(bo!.getByRole('status')).toBeEmptyDOMElement());
  },
};
