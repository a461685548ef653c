import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { withProvider } from '../helpers/withProvider.js';
import { Speakers } from './useSpeaking.example.js';

const meta: Meta = { title: 'Hooks/useSpeaking', decorators: [withProvider] };

export default meta;

/** Of drawn people, of whom the first one speaks. */
export const WhoSpeaks: StoryObj = {
  render: function WhoSpeaks() {
    return <Speakers call={useFakeCall({ others: 3 })} />;
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('speaks')).toBeVisible();
    await expect(canvas.getAllByRole('listitem')[0]).toHaveTextContent('Bo Lindqvist speaks');
  },
};
