import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';
import { expectMoving } from '../helpers/expectMoving.js';
import { withProvider } from '../helpers/withProvider.js';
import { IN_TEST_RUN } from '../helpers/topics.js';
import { Preview } from './useLocalMedia.example.js';

const meta: Meta = { title: 'Hooks/useLocalMedia', decorators: [withProvider] };

export default meta;

export const CameraAndMicrophone: StoryObj = {
  render: () => <Preview />,
  play: async ({ canvas }) => {
    // Before somebody's eyes the browser would ask for the camera.
    if (!IN_TEST_RUN) return;
    const button = canvas.getByRole('button', { name: 'Camera', pressed: false });
    await userEvent.click(button);
    await canvas.findByText('The camera is on.', {}, { timeout: 10_000 });
    await expectMoving(canvas.getByLabelText<HTMLVideoElement>('You'));
    await userEvent.click(button);
    await expect(await canvas.findByText('The camera is off.')).toBeVisible();
  },
};
