import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { Editor } from '../../examples/yjs/src/Editor.js';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { storyTopic } from '../helpers/topics.js';

const meta: Meta<{ topic: string }> = {
  title: 'Recipes/Yjs over signals',
  args: { topic: storyTopic('shared-text') },
};

export default meta;

export const SharedText: StoryObj<{ topic: string }> = {
  render: ({ topic }) => <TwoPeople>{() => <Editor topic={topic} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) =>
      within(canvas.getByRole('region', { name })).getByRole('textbox', { name: 'Shared text' }),
    ) as [HTMLTextAreaElement, HTMLTextAreaElement];
    await userEvent.clear(ana);
    await userEvent.type(ana, 'one ');
    await waitFor(() => expect(bo).toHaveValue('one '), { timeout: 10_000 });
    // Both at the same place, before either has heard of the other.
    await userEvent.type(ana, 'two ', { delay: null });
    await userEvent.type(bo, 'three ', { delay: null });
    await waitFor(() => expect(ana.value).toHaveLength('one two three '.length));
    await waitFor(() => expect(bo).toHaveValue(ana.value));
  },
};
