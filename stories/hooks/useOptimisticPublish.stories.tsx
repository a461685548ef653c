import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { TaskList } from './useOptimisticPublish.example.js';

const meta: Meta = { title: 'Hooks/useOptimisticPublish', decorators: [withProvider] };

export default meta;

export const AtOnce: StoryObj = {
  render: () => <TaskList />,
  play: async ({ canvas }) => {
    const before = canvas.queryAllByRole('listitem').length;
    await userEvent.click(canvas.getByRole('button', { name: 'Add a task' }));
    await canvas.findByText('Saved');
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(before + 1));
  },
};
