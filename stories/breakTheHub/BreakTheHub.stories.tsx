import type { Meta, StoryObj } from '@storybook/react-vite';
import { useEffect, useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { ConnectionStatus } from '../../src/components/ConnectionStatus.js';
import { VideoCall } from '../../src/components/VideoCall.js';
import { type Gap, SignalingProvider, useDriver, usePublish, useSignal } from '../../src/index.js';
import { type Disruption, type InMemoryHub, inMemoryHub } from '../../src/testing/index.js';
import { expectMoving } from '../helpers/expectMoving.js';
import '../helpers/stories.css';
import { useTestMedia } from '../helpers/useTestMedia.js';

/** Short, so that nobody has to wait to see what happens. */
const PATIENCE = { heartbeatTimeout: 3_000, retry: { base: 500, max: 4_000 } };
const TOPIC = 'https://example.com/stories/break';

/** A hub in this page, so that nobody else's is broken. */
function useOwnHub(): InMemoryHub {
  const [own] = useState(() => inMemoryHub({ heartbeatInterval: 1_000 }));
  useEffect(() => () => own.hub.disrupt({ streams: 'end' }), [own]);
  return own;
}

const DISRUPTIONS: Record<string, Disruption> = {
  'End the streams': { streams: 'end' },
  'Cut the streams': { streams: 'cut' },
  'Cut them and forget': { streams: 'cut', forget: true },
  'Fall silent': { streams: 'freeze' },
  'Answer 503': { streams: 'cut', refuse: 503 },
  Mend: {},
};

function BreakingButtons({ hub }: Pick<InMemoryHub, 'hub'>) {
  return (
    <div className="row" role="group" aria-label="The hub">
      {Object.entries(DISRUPTIONS).map(([label, disruption]) => (
        <button key={label} onClick={() => hub.disrupt(disruption)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function BreakTheHub() {
  const { hub, fetch, url } = useOwnHub();
  return (
    <div className="story">
      <BreakingButtons hub={hub} />
      <SignalingProvider fetch={fetch} url={url} {...PATIENCE}>
        <ConnectionStatus />
        <Numbers />
      </SignalingProvider>
    </div>
  );
}

/** Publishes 1, 2, 3, … and lists what arrives. */
function Numbers() {
  const driver = useDriver();
  const publish = usePublish<number>(TOPIC);
  const [published, setPublished] = useState(0);
  const [arrived, setArrived] = useState<number[]>([]);
  const [gap, setGap] = useState<Gap>();
  useSignal<number>(TOPIC, (number) => setArrived((numbers) => [...numbers, number]));
  useEffect(() => {
    driver.on('gap', setGap);
    return () => driver.off('gap', setGap);
  }, [driver]);
  const publishNext = () => {
    setPublished(published + 1);
    void publish(published + 1);
  };
  return (
    <>
      <div className="row">
        <button onClick={publishNext}>Publish {published + 1}</button>
      </div>
      <dl>
        <dt>Arrived</dt>
        <dd data-testid="arrived">{arrived.join(' ') || 'nothing yet'}</dd>
        <dt>Gap</dt>
        <dd>{gap ? 'The hub has forgotten what came meanwhile.' : 'none'}</dd>
      </dl>
    </>
  );
}

function CallOnIt() {
  const { hub, fetch, url } = useOwnHub();
  return (
    <>
      <div className="story">
        <BreakingButtons hub={hub} />
      </div>
      <div className="side-by-side">
        {['Ana', 'Bo'].map((name, index) => (
          <SignalingProvider key={name} fetch={fetch} url={url} {...PATIENCE}>
            <Person name={name} hue={index * 150} />
          </SignalingProvider>
        ))}
      </div>
    </>
  );
}

function Person({ name, hue }: { name: string; hue: number }) {
  const media = useTestMedia(hue);
  return (
    <div className="call-box">
      <VideoCall aria-label={`Video call of ${name}`} room={TOPIC} name={name} media={media} />
    </div>
  );
}

const meta = {
  title: 'Break the hub/Streams and calls',
  component: BreakTheHub,
} satisfies Meta<typeof BreakTheHub>;

export default meta;
type Story = StoryObj<typeof meta>;

/** What is published while the hub is away waits, and arrives once, in order. */
export const Signals: Story = {
  play: async ({ canvas }) => {
    const click = (name: RegExp | string) => userEvent.click(canvas.getByRole('button', { name }));
    const arrived = (numbers: string) =>
      waitFor(() => expect(canvas.getByTestId('arrived').textContent).toBe(numbers), {
        timeout: 10_000,
      });
    await canvas.findByText('Connected', {}, { timeout: 10_000 });
    await click('Publish 1');
    await arrived('1');

    await click('Answer 503');
    await canvas.findByText('Reconnecting…');
    await click('Publish 2');
    await click('Publish 3');
    await canvas.findByText('2 messages wait to be sent');
    await click('Mend');
    await arrived('1 2 3');

    await click('Cut the streams');
    await click('Publish 4');
    await arrived('1 2 3 4');
    await click('Fall silent');
    await click('Publish 5');
    await arrived('1 2 3 4 5');
    await expect(canvas.getByText('none')).toBeVisible();
  },
};

/** Roster and media stay. */
export const DuringACall: Story = {
  name: 'During a call',
  render: () => <CallOnIt />,
  play: async ({ canvas }) => {
    const ana = within(canvas.getByRole('region', { name: 'Video call of Ana' }));
    const video = await ana.findByLabelText('Video of Bo', {}, { timeout: 20_000 });
    await expectMoving(video as HTMLVideoElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Answer 503' }));
    await ana.findByText('Reconnecting…');
    await expectMoving(video as HTMLVideoElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Mend' }));
    await waitFor(() => expect(ana.queryByText('Reconnecting…')).toBeNull(), { timeout: 10_000 });
    await expectMoving(video as HTMLVideoElement);
  },
};
