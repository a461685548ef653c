import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { renderToString } from 'react-dom/server';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { VideoCall, type VideoCallProps } from '../../src/components/index.js';
import { MemoryDriver, SignalingError, SignalingProvider } from '../../src/index.js';
import { fakeMedia } from './fakeMedia.js';

// What needs WebRTC is in VideoCall.browser.test.tsx: jsdom has none.

const play = vi.spyOn(HTMLMediaElement.prototype, 'play');
const button = (name: string) => screen.getByRole('button', { name });

beforeEach(() => {
  play.mockReset().mockResolvedValue();
});

function call(props: Partial<VideoCallProps> = {}, driver = new MemoryDriver()) {
  return (
    <SignalingProvider driver={driver}>
      <VideoCall room="room" name="Ana" {...props} />
    </SignalingProvider>
  );
}

describe('VideoCall', () => {
  test('shows oneself, silent and as in a mirror', () => {
    const media = fakeMedia();
    render(call({ media }));
    const people = screen.getByRole('list', { name: 'People in this call' });
    expect(people).toContainElement(screen.getByRole('listitem'));
    const video = screen.getByLabelText<HTMLVideoElement>('Video of Ana (you)');
    expect(video.srcObject).toBe(media.stream);
    expect(video.muted).toBe(true);
    expect(screen.getByText('Nobody else is here')).toBeVisible();
  });

  test('says what to do where there is no WebRTC', async () => {
    render(call({ media: fakeMedia() }));
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no WebRTC here.');
  });

  test.each(['media-permission', 'media-device', 'media-busy'] as const)(
    'says what stands in the way of camera and microphone, and asks again: %s',
    async (code) => {
      const media = fakeMedia({ stream: null, error: new SignalingError(code, 'What to do.') });
      render(call({ media }));
      expect(screen.getByText('What to do.')).toBeVisible();
      await userEvent.click(button('Try again'));
      expect(media.retry).toHaveBeenCalledOnce();
    },
  );

  test('asks for camera and microphone by itself where it is given none', async () => {
    render(call());
    // jsdom is no page that may ask.
    expect(await screen.findByText(/may not use camera and microphone/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('leaves, and joins again, without losing the focus', async () => {
    const onLeave = vi.fn();
    render(call({ media: fakeMedia(), onLeave }));
    await userEvent.click(button('Leave call'));
    expect(onLeave).toHaveBeenCalledOnce();
    expect(screen.getByRole('region', { name: 'Video call' })).toHaveFocus();
    expect(screen.queryByRole('list')).toBeNull();
    await userEvent.click(button('Join again'));
    expect(screen.getByRole('list')).toBeVisible();
    expect(screen.getByRole('region', { name: 'Video call' })).toHaveFocus();
  });

  test('who left one room is in the next one', async () => {
    const media = fakeMedia();
    const driver = new MemoryDriver();
    const { rerender } = render(call({ media, room: 'one' }, driver));
    await userEvent.click(button('Leave call'));
    rerender(call({ media, room: 'two' }, driver));
    expect(button('Leave call')).toBeVisible();
  });

  test('is rendered on a server, where it opens nothing', () => {
    const driver = new MemoryDriver();
    const subscribe = vi.spyOn(driver, 'subscribe');
    expect(renderToString(call({}, driver))).toContain('Ana (you)');
    expect(subscribe).not.toHaveBeenCalled();
  });

  test('needs a provider, and says so', () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue();
    expect(() => render(<VideoCall room="room" />)).toThrow(/SignalingProvider/);
    silence.mockRestore();
  });
});
