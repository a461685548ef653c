import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, waitFor, within } from 'storybook/test';
import { TwoPeople } from '../helpers/TwoPeople.js';
import { Board } from './sharedCursor.example.js';

const meta: Meta = { title: 'Recipes/Shared cursor' };

export default meta;

export const TwoCursors: StoryObj = {
  render: () => <TwoPeople>{(name) => <Board name={name} />}</TwoPeople>,
  play: async ({ canvas }) => {
    const [ana, bo] = ['Ana', 'Bo'].map((name) =>
      within(canvas.getByRole('region', { name })).getByRole('group', { name: 'Board' }),
    );
    const { left, top, width, height } = ana!.getBoundingClientRect();
    const middle = { clientX: left + width / 2, clientY: top + height / 4 };
    await fireEvent.pointerMove(ana!, middle);
    const cursor = await within(bo!).findByText('Ana', {}, { timeout: 10_000 });
    await expect(parseFloat(cursor.style.left)).toBeCloseTo(50, 1);
    await expect(parseFloat(cursor.style.top)).toBeCloseTo(25, 1);
    await fireEvent.pointerOut(ana!, { relatedTarget: document.body });
    await waitFor(() => expect(within(bo!).queryByText('Ana')).toBeNull());
  },
};
