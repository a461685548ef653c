import type { Meta, StoryObj } from '@storybook/react-vite';
import { userEvent, within } from 'storybook/test';
import { SignalingProvider } from '../../src/index.js';
import { expectMoving } from '../helpers/expectMoving.js';
import { OwnCallPage } from './ownCallPage.example.js';
import '../helpers/stories.css';
import { IN_TEST_RUN, storyTopic } from '../helpers/topics.js';

const meta: Meta<typeof OwnCallPage> = {
  title: 'Recipes/Your own call page',
  component: OwnCallPage,
  render: (args) => (
    <SignalingProvider>
      <OwnCallPage {...args} />
    </SignalingProvider>
  ),
  args: { room: storyTopic('rooms/own-page'), name: 'Ana' },
};

export default meta;
type Story = StoryObj<typeof meta>;

/** Two of them in one page in a test run, else one. */
export const OwnPage: Story = {
  name: 'Your own call page',
  render: (args) => (
    <div className="side-by-side">
      {(IN_TEST_RUN ? ['Ana', 'Bo'] : [args.name]).map((name) => (
        <section key={name} aria-label={`Page of ${name}`}>
          <SignalingProvider>
            <OwnCallPage {...args} name={name} />
          </SignalingProvider>
        </section>
      ))}
    </div>
  ),
  play: async ({ canvas }) => {
    if (!IN_TEST_RUN) return;
    const [ana, bo] = ['Ana', 'Bo'].map((name) =>
      within(canvas.getByRole('region', { name: `Page of ${name}` })),
    );
    const video = await ana!.findByLabelText('Bo', {}, { timeout: 20_000 });
    await expectMoving(video as HTMLVideoElement);
    await userEvent.type(bo!.getByRole('textbox', { name: 'Message' }), 'Hi{Enter}');
    await ana!.findByText('Bo: Hi');
    await userEvent.click(bo!.getByRole('button', { name: 'Mute' }));
    await ana!.findByText(/Bo \(muted\)/);
  },
};
