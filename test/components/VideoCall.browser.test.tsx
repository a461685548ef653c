import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { VideoCall } from '../../src/components/index.js';
import { MemoryDriver, MemoryHub, SignalingError, SignalingProvider } from '../../src/index.js';
import { frameOf } from '../../stories/helpers/frameOf.js';
import { callOf, PATIENCE, Person } from './people.js';

async function renderPeople(...names: string[]) {
  const hub = new MemoryHub();
  const people = names.map((name, index) => (
    <Person key={name} hub={hub} name={name} hue={index * 120} />
  ));
  const screen = await render(<>{people}</>);
  onTestFinished(() => screen.unmount());
}

const videoIn = (call: string, name: string) => callOf(call).getByLabelText(name, { exact: true });
const press = (call: string, name: string) =>
  userEvent.click(callOf(call).getByRole('button', { name }));

async function expectNews(call: string, sentence: string) {
  await expect.element(callOf(call).getByText(sentence), PATIENCE).toBeInTheDocument();
}

async function seeMoving(call: string, name: string) {
  const video = videoIn(call, name);
  await expect.element(video, PATIENCE).toBeInTheDocument();
  const frame = () => frameOf(video.element() as HTMLVideoElement);
  const first = await expect.poll(frame, PATIENCE).toBeDefined().then(frame);
  await expect.poll(frame, PATIENCE).not.toEqual(first);
}

describe('VideoCall', () => {
  test('people in one room see each other move', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo', 'Cleo');
    await seeMoving('Ana', 'Video of Bo');
    await seeMoving('Ana', 'Video of Cleo');
    await seeMoving('Bo', 'Video of Ana');
    await seeMoving('Cleo', 'Video of Bo');
  });

  test('has an audio element for each of the others', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await seeMoving('Ana', 'Video of Bo');
    const [sound, ...more] = callOf('Ana').element().querySelectorAll('audio');
    expect(more).toEqual([]);
    const video = videoIn('Ana', 'Video of Bo').element() as HTMLVideoElement;
    expect(sound!.srcObject).toBe(video.srcObject);
    await expect.poll(() => sound!.paused, PATIENCE).toBe(false);
    expect(sound!.muted).toBe(false);
    expect(video.muted).toBe(true);
  });

  test('says who joined and who left', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await expectNews('Ana', 'Bo joined.');
    await press('Bo', 'Leave call');
    await expectNews('Ana', 'Bo left.');
    await expect.element(videoIn('Ana', 'Video of Bo')).not.toBeInTheDocument();
    await expect.element(callOf('Ana').getByText('Nobody else is here yet')).toBeVisible();
  });

  test('shows initials while the camera of a peer is off', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await seeMoving('Ana', 'Video of Bo');
    const initials = callOf('Ana').getByText('B', { exact: true });
    await press('Bo', 'Turn camera off');
    await expect.element(initials, PATIENCE).toBeVisible();
    await press('Bo', 'Turn camera off');
    await expect.element(initials, PATIENCE).not.toBeInTheDocument();
    await seeMoving('Ana', 'Video of Bo');
  });

  test('shows who is muted, raises a hand, and shares a screen', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await seeMoving('Ana', 'Video of Bo');
    await press('Bo', 'Mute microphone');
    await expect
      .element(callOf('Ana').getByText('Microphone off', { exact: false }), PATIENCE)
      .toBeInTheDocument();
    await press('Bo', 'Raise hand');
    await expectNews('Ana', 'Bo raised a hand.');
    await press('Bo', 'Share screen');
    await expectNews('Ana', 'Bo is sharing a screen.');
    await seeMoving('Ana', 'Bo’s screen');
    await expect
      .element(callOf('Ana').getByRole('button', { name: 'Pin Bo’s screen' }))
      .toHaveAttribute('aria-pressed', 'true');
    await press('Bo', 'Stop sharing');
    await expectNews('Ana', 'Bo stopped sharing.');
    await expect.element(videoIn('Ana', 'Bo’s screen')).not.toBeInTheDocument();
  });

  test('carries written messages, and counts the unread ones', { timeout: 60_000 }, async () => {
    await renderPeople('Ana', 'Bo');
    await seeMoving('Ana', 'Video of Bo');
    await press('Bo', 'Chat');
    await userEvent.keyboard('Hello Ana{Enter}');
    await expectNews('Ana', 'Bo: Hello Ana');
    await press('Ana', 'Chat, 1 unread');
    await expect.element(callOf('Ana').getByRole('listitem').last()).toHaveTextContent('Hello Ana');
    await press('Ana', 'Close chat');
    await expect.element(callOf('Ana').getByRole('button', { name: 'Chat' })).toHaveFocus();
  });

  test('says that the others have another password', { timeout: 60_000 }, async () => {
    const hub = new MemoryHub();
    const screen = await render(
      <>
        <Person hub={hub} name="Ana" secret="one" />
        <Person hub={hub} name="Bo" secret="another" />
      </>,
    );
    onTestFinished(() => screen.unmount());
    await expect
      .element(callOf('Bo').getByRole('alert'), PATIENCE)
      .toHaveTextContent('The others in this call have another password.');
    await expect.element(videoIn('Bo', 'Video of Ana')).not.toBeInTheDocument();
  });

  test('says why it was not let in, and tries again', { timeout: 60_000 }, async () => {
    const driver = new MemoryDriver();
    const refusal = new SignalingError('unauthorized', 'Give `subscriber` a token for this topic.');
    const subscribe = vi.spyOn(driver, 'subscribe').mockRejectedValue(refusal);
    const screen = await render(
      <SignalingProvider driver={driver}>
        <VideoCall room="https://example.com/room" name="Ana" />
      </SignalingProvider>,
    );
    onTestFinished(() => screen.unmount());
    await expect.element(page.getByRole('alert')).toHaveTextContent('You have no access.');
    subscribe.mockRestore();
    await userEvent.click(page.getByRole('button', { name: 'Try again' }));
    await expect.element(page.getByText('Nobody else is here yet')).toBeVisible();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });
});
