import '@testing-library/jest-dom/vitest';
import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { renderToString } from 'react-dom/server';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { VideoCall, type VideoCallProps } from '../../src/components/index.js';
import { MemoryDriver, SignalingProvider } from '../../src/index.js';
import { fakeMedia } from './fakes.js';

// What needs WebRTC is in VideoCall.browser.test.tsx: jsdom has none.

const button = (name: string) => screen.getByRole('button', { name });

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
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
    expect(video.srcObject).toBe(media.camera.stream);
    expect(video.muted).toBe(true);
    expect(video).toHaveAttribute('data-mirrored', 'true');
  });

  test('says so where there is no WebRTC, and lets it be dismissed', async () => {
    render(call({ media: fakeMedia() }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This browser cannot make calls. Try another one.',
    );
    await userEvent.click(button('Dismiss'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('asks for camera and microphone by itself where it is given none', async () => {
    render(call());
    // jsdom is no page that may ask.
    const sentences = await screen.findAllByText('Calls need a secure page (https).');
    expect(sentences).toHaveLength(2);
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

  test('waits in the lobby until one joins', async () => {
    const driver = new MemoryDriver();
    const subscribe = vi.spyOn(driver, 'subscribe');
    render(call({ media: fakeMedia(), lobby: true }, driver));
    expect(screen.getByRole('region', { name: 'Ready to join?' })).toBeVisible();
    expect(subscribe).not.toHaveBeenCalled();
    await userEvent.click(button('Join call'));
    expect(screen.getByLabelText('Video of Ana (you)')).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Video call' })).toHaveFocus();
  });

  describe('the keys M and V', () => {
    const press = async (key: string) => {
      const media = fakeMedia();
      render(
        <>
          <input aria-label="Elsewhere" />
          {call({ media })}
        </>,
      );
      return { media, key: () => userEvent.keyboard(key) };
    };

    test('switch microphone and camera while the focus is in the call', async () => {
      const { media, key } = await press('m');
      act(() => button('Leave call').focus());
      await key();
      await userEvent.keyboard('V');
      expect(media.microphone.set).toHaveBeenCalledExactlyOnceWith(false);
      expect(media.camera.set).toHaveBeenCalledExactlyOnceWith(false);
    });

    test.each([
      ['elsewhere on the page', () => screen.getByLabelText('Elsewhere')],
      ['nowhere', () => document.body],
    ])('do nothing while it is %s', async (_, focused) => {
      const { media, key } = await press('mv');
      act(() => focused().focus());
      await key();
      expect(media.microphone.set).not.toHaveBeenCalled();
      expect(media.camera.set).not.toHaveBeenCalled();
    });

    test('are letters where somebody writes', async () => {
      const { media, key } = await press('mv');
      await userEvent.click(button('Chat'));
      await key();
      expect(screen.getByRole('textbox', { name: 'Message' })).toHaveValue('mv');
      expect(media.microphone.set).not.toHaveBeenCalled();
    });

    test.each(['{Control>}m{/Control}', '{Meta>}v{/Meta}', '{Alt>}m{/Alt}'])(
      'do nothing with another key: %s',
      async (keys) => {
        const { media, key } = await press(keys);
        act(() => button('Leave call').focus());
        await key();
        expect(media.microphone.set).not.toHaveBeenCalled();
        expect(media.camera.set).not.toHaveBeenCalled();
      },
    );
  });

  test('opens the chat with the focus in it, and gives it back at the end', async () => {
    render(call({ media: fakeMedia() }));
    await userEvent.click(button('Chat'));
    expect(screen.getByRole('textbox', { name: 'Message' })).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(button('Chat')).toHaveFocus();
  });

  test('raises and lowers a hand', async () => {
    render(call({ media: fakeMedia() }));
    await userEvent.click(button('Raise hand'));
    expect(screen.getByTitle('Hand raised')).toBeVisible();
    await userEvent.click(button('Raise hand'));
    expect(screen.queryByTitle('Hand raised')).toBeNull();
  });

  test('says everything in the words it is given', () => {
    const labels = { call: 'Anruf', leave: 'Auflegen', you: (name: string) => `${name} (du)` };
    render(call({ media: fakeMedia(), labels }));
    expect(screen.getByRole('region', { name: 'Anruf' })).toBeVisible();
    expect(button('Auflegen')).toBeVisible();
    expect(screen.getByText('Ana (du)')).toBeVisible();
    expect(button('Mute microphone')).toBeVisible();
  });

  test('shows further controls before the one that leaves', () => {
    render(call({ media: fakeMedia(), children: <button>Notes</button> }));
    const controls = screen.getByRole('group', { name: 'Call controls' });
    const [notes, leave] = [...controls.querySelectorAll('button')].slice(-2);
    expect(notes).toHaveTextContent('Notes');
    expect(leave).toBe(button('Leave call'));
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
