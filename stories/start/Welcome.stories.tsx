import type { Meta, StoryObj } from '@storybook/react-vite';
import { SignalingProvider } from 'react-signaling';
import { VideoCall } from 'react-signaling/components';
import { within } from 'storybook/test';
import { expectMoving } from '../helpers/expectMoving.js';
import '../helpers/stories.css';
import { storyTopic } from '../helpers/topics.js';
import { useTestMedia } from '../helpers/useTestMedia.js';

const meta: Meta = { title: 'Welcome' };

export default meta;

const room = storyTopic('rooms/welcome');

/** Two drawn people in a real call: signaled by the hub of this Storybook, connected over WebRTC. */
export const ACall: StoryObj = {
  name: 'A call',
  render: () => (
    <div className="side-by-side">
      {['Ana', 'Bo'].map((name, index) => (
        <SignalingProvider key={name}>
          <Person name={name} hue={210 + index * 210} />
        </SignalingProvider>
      ))}
    </div>
  ),
  play: async ({ canvas }) => {
    const ana = within(canvas.getByRole('region', { name: 'Video call of Ana' }));
    const video = await ana.findByLabelText('Video of Bo', {}, { timeout: 20_000 });
    await expectMoving(video as HTMLVideoElement);
  },
};

function Person({ name, hue }: { name: string; hue: number }) {
  const media = useTestMedia(hue);
  return (
    <div className="call-box small">
      <VideoCall aria-label={`Video call of ${name}`} room={room} name={name} media={media} />
    </div>
  );
}
