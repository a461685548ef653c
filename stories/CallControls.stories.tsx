import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, userEvent } from 'storybook/test';
import { CallControls } from '../src/components/CallControls.js';
import type { LocalMedia } from '../src/index.js';
import { useTestPicture } from './useTestPicture.js';

const nothing: LocalMedia = {
  status: 'error',
  stream: null,
  error: undefined,
  microphone: false,
  camera: false,
  setMicrophone: () => {},
  setCamera: () => {},
  retry: () => {},
};

const meta = {
  title: 'Components/CallControls',
  component: CallControls,
  tags: ['autodocs'],
  parameters: {
    docs: {
      description: {
        component:
          'The buttons of a call: microphone, camera, leave. They switch what `useLocalMedia` gives, ' +
          'without renegotiating, and are toggle buttons to a screen reader. Needs no hub.',
      },
    },
  },
  args: { media: nothing, onLeave: fn() },
  argTypes: { media: { control: false } },
} satisfies Meta<typeof CallControls>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Microphone and camera are there. */
export const Live: Story = {
  render: function Live(args) {
    return <CallControls {...args} media={useTestPicture(210)} />;
  },
  play: async ({ args, canvas }) => {
    const microphone = await canvas.findByRole('button', {
      name: 'Mute microphone',
      pressed: false,
    });
    await userEvent.click(microphone);
    await expect(microphone).toHaveAttribute('aria-pressed', 'true');
    await userEvent.keyboard('{Enter}');
    await expect(microphone).toHaveAttribute('aria-pressed', 'false');
    const camera = canvas.getByRole('button', { name: 'Turn camera off' });
    await userEvent.click(camera);
    await expect(camera).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(canvas.getByRole('button', { name: 'Leave call' }));
    await expect(args.onLeave).toHaveBeenCalledOnce();
  },
};

/** Neither is there: one can still watch, listen and leave. */
export const WithoutDevices: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Mute microphone' })).toBeDisabled();
    await expect(canvas.getByRole('button', { name: 'Turn camera off' })).toBeDisabled();
    await expect(canvas.getByRole('button', { name: 'Leave call' })).toBeEnabled();
  },
};
