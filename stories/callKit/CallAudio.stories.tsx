import type { Meta, StoryObj } from '@storybook/react-vite';
import { CallAudio } from '../../src/components/CallAudio.js';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { Sound } from './CallAudio.example.js';

const meta: Meta<typeof CallAudio> = {
  title: 'Call kit/CallAudio',
  tags: ['both-themes'],
  component: CallAudio,
};

export default meta;

export const InUse: StoryObj = {
  render: function InUse() {
    return (
      <>
        <p>Three people are heard here, if the browser lets them. There is nothing to see.</p>
        <Sound call={useFakeCall({ others: 3 })} />
      </>
    );
  },
};
