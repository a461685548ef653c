import { expect, onTestFinished, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { Lobby } from '../../src/components/index.js';
import { fakeDevice, fakeMedia } from './fakes.js';

/** A microphone that hears a tone. */
function createTone() {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio);
  const output = new MediaStreamAudioDestinationNode(audio);
  tone.connect(output);
  tone.start();
  onTestFinished(() => audio.close());
  return output.stream;
}

test('the lobby shows how loud one is, and nothing once one is muted', async () => {
  const stream = createTone();
  const lobby = (on: boolean) => (
    <Lobby
      media={fakeMedia({
        microphone: fakeDevice({ on, stream }),
        camera: fakeDevice({ on: false, stream: null }),
      })}
      onJoin={() => {}}
    />
  );
  const screen = await render(lobby(true));
  onTestFinished(() => screen.unmount());
  const meter = screen.getByRole('meter', { name: 'Microphone level' });
  const level = () => (meter.element() as HTMLMeterElement).value;
  await expect.poll(level).toBeGreaterThan(0.5);
  await screen.rerender(lobby(false));
  await expect.poll(level).toBe(0);
});
