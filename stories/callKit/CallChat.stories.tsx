import type { Meta, StoryObj } from '@storybook/react-vite';
import { useFakeCall } from '../helpers/useFakeCall.js';
import { Chat } from './CallChat.example.js';
import { expect, fn, userEvent } from 'storybook/test';
import type { CallMessage } from '../../src/call/index.js';
import { CallChat } from '../../src/components/CallChat.js';

const message = (id: number, name: string, body: string, own = false): CallMessage<string> => ({
  id: String(id),
  from: name,
  name,
  own,
  to: undefined,
  at: Date.UTC(2030, 0, 1, 9, id),
  body,
});

const TEXTS = ['Can everybody see the slide?', 'Yes, loud and clear.'];

const meta = {
  title: 'Call kit/CallChat',
  tags: ['both-themes'],
  component: CallChat,
  args: {
    messages: [
      message(1, 'Bo Lindqvist', 'Can everybody see the slide?'),
      message(2, 'Ana Reyes', 'Yes, loud and clear.', true),
      message(3, 'Cleo Adeyemi', 'מה קרה בספטמבר?'),
    ],
    send: fn(),
    onClose: fn(),
  },
  decorators: [
    (Story) => (
      <div style={{ blockSize: '24rem', containerType: 'inline-size' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof CallChat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const InUse: StoryObj = {
  render: function InUse() {
    return <Chat call={useFakeCall({ others: 2, texts: TEXTS })} />;
  },
};

/** Others' messages, one's own, and one that is written from right to left. */
export const Messages: Story = {
  play: async ({ args, canvas }) => {
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3);
    await userEvent.type(canvas.getByRole('textbox', { name: 'Message' }), 'The new hub.{Enter}');
    await expect(args.send).toHaveBeenCalledWith('The new hub.');
    await userEvent.click(canvas.getByRole('button', { name: 'Close chat' }));
    await expect(args.onClose).toHaveBeenCalledOnce();
  },
};

/** Nobody has written yet. */
export const Empty: Story = {
  args: { messages: [] },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('log')).toHaveTextContent('No messages yet');
  },
};
