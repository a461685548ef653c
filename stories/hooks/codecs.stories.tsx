import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { Thermometer } from './codecs.example.js';

const meta: Meta = { title: 'Hooks/Codecs and schemas', decorators: [withProvider] };

export default meta;

export const SchemaAndText: StoryObj = {
  render: () => <Thermometer />,
  play: async ({ canvas }) => {
    const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }));
    const shown = canvas.getByRole('status');
    await waitFor(
      async () => {
        await press('21 °C');
        await expect(shown).toHaveTextContent('21 °C');
      },
      { timeout: 10_000, interval: 500 },
    );
    await press('210 °C');
    await waitFor(() => expect(shown).toHaveTextContent('That is no temperature of this planet.'));
    await press('Write a note');
    await canvas.findByText('Plain text, no JSON');
  },
};
