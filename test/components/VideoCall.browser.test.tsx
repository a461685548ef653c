import { useEffect, useState } from 'react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { VideoCall } from '../../src/components/index.js';
import '../../src/components/components.css';
import { MemoryDriver, MemoryHub, SignalingError, SignalingProvider } from '../../src/index.js';
import { frameOf } from '../../stories/frameOf.js';
import { useTestPicture } from '../../stories/useTestPicture.js';

const PATIENCE = { timeout: 20_000 };

function Person({ hub, name, hue }: { hub: MemoryHub; name: string; hue: number }) {
  const [driver] = useState(() => new MemoryDriver(hub));
  useEffect(() => () => driver.destroy(), [driver]);
  return (
    <SignalingProvider driver={driver}>
      <VideoCall aria-label={name} room="room" name={name} media={useTestPicture(hue)} />
    </SignalingProvider>
  );
}

async function renderPeople(...names: string[]) {
  const hub = new MemoryHub();
  const people = names.map((name, index) => (
    <Person key={name} hub={hub} name={name} hue={index * 120} />
  ));
  const screen = await render(<>{people}</>);
  onTestFinished(() => screen.unmount());
}

const callOf = (name: string) => page.getByRole('region', { name, exact: true });
const videoIn = (call: string, name: string) =>
  callOf(call).getByLabelText(`Video of ${name}`, { exact: true });

async function seeMoving(call: string, name: string) {
  const video = videoIn(call, name);
  await expect.element(video, PATIENCE).toBeInTheDocument();
  const frame = () => frameOf(video.element() as HTMLVideoElement);
  const first = await expect.poll(frame, PATIENCE).toBeDefined().then(frame);
  await expect.poll(frame, PATIENCE).not.toEqual(first);
}

/** Black, or no picture at all. */
function showsNothing(call: string, name: string): boolean {
  try {
    return !frameOf(videoIn(call, name).element() as HTMLVideoElement);
  } catch {
    return true;
  }
}

describe('VideoCall', () => {
  test('people in one room see each other move', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo', 'Cleo');
    await seeMoving('Ana', 'Bo');
    await seeMoving('Ana', 'Cleo');
    await seeMoving('Bo', 'Ana');
    await seeMoving('Cleo', 'Bo');
    await expect.element(callOf('Ana').getByText('3 people', { exact: true })).toBeVisible();
  });

  test('says who joined and who left', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await expect
      .element(callOf('Ana').getByText('Bo joined. 2 people.'), PATIENCE)
      .toBeInTheDocument();
    await userEvent.click(callOf('Bo').getByRole('button', { name: 'Leave call' }));
    await expect
      .element(callOf('Ana').getByText('Bo left. Nobody else is here.'), PATIENCE)
      .toBeInTheDocument();
    await expect.element(videoIn('Ana', 'Bo')).not.toBeInTheDocument();
  });

  test('switches what the others see and hear', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await seeMoving('Ana', 'Bo');
    await userEvent.click(callOf('Bo').getByRole('button', { name: 'Turn camera off' }));
    await expect.element(callOf('Bo').getByText('B', { exact: true })).toBeVisible();
    await expect.poll(() => showsNothing('Ana', 'Bo'), PATIENCE).toBe(true);
    await userEvent.click(callOf('Bo').getByRole('button', { name: 'Turn camera off' }));
    await seeMoving('Ana', 'Bo');
  });

  test('says why it was not let in, and tries again', { timeout: 60_000 }, async () => {
    const driver = new MemoryDriver();
    const refusal = new SignalingError('unauthorized', 'The hub wants a token.');
    const subscribe = vi.spyOn(driver, 'subscribe').mockRejectedValue(refusal);
    const screen = await render(
      <SignalingProvider driver={driver}>
        <VideoCall room="room" name="Ana" />
      </SignalingProvider>,
    );
    onTestFinished(() => screen.unmount());
    await expect.element(page.getByRole('alert')).toHaveTextContent('The hub wants a token.');
    subscribe.mockRestore();
    await userEvent.click(page.getByRole('button', { name: 'Try again' }));
    await expect.element(page.getByText('Connected', { exact: true })).toBeVisible();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });
});
