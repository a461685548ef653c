import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CallGrid, VideoTile } from '../../src/components/index.js';
import { fakePeer, fakeStream } from './fakes.js';

const play = vi.spyOn(HTMLMediaElement.prototype, 'play');
const videoOf = (name: string) => screen.getByLabelText<HTMLVideoElement>(`Video of ${name}`);

/** What a browser does, and jsdom does not: a frame arrives. */
function showFrame(name: string): void {
  const video = videoOf(name);
  Object.defineProperty(video, 'videoWidth', { value: 640, configurable: true });
  fireEvent.loadedData(video);
}

beforeEach(() => {
  play.mockReset().mockResolvedValue();
});

describe('VideoTile', () => {
  test('plays its stream silently, the next one, and lets go of it at the end', () => {
    const [first, second] = [fakeStream(), fakeStream()];
    const { rerender, unmount } = render(<VideoTile stream={first} name="Ana" />);
    const video = videoOf('Ana');
    expect(video.srcObject).toBe(first);
    expect(video.muted).toBe(true);
    expect(video).toHaveAttribute('playsinline');
    rerender(<VideoTile stream={second} name="Ana" />);
    expect(video.srcObject).toBe(second);
    expect(play).toHaveBeenCalledTimes(2);
    unmount();
    expect(video.srcObject).toBeNull();
  });

  test('goes on where the browser refuses to play', async () => {
    play.mockRejectedValue(new DOMException('Not even silently', 'NotAllowedError'));
    render(<VideoTile stream={fakeStream()} name="Ana" />);
    await vi.waitFor(() => expect(play).toHaveBeenCalled());
    expect(screen.queryByRole('button')).toBeNull();
  });

  test.each([
    ['Ana María Reyes', 'AR'],
    ['ana', 'A'],
    ['  ', 'G'],
    ['😀 Öz', '😀Ö'],
    ['Bo (you)', 'B'],
  ])('shows initials where there is no picture: %s', (name, initials) => {
    render(<VideoTile stream={null} name={name} />);
    expect(screen.getByText(initials)).toBeVisible();
    expect(screen.getByRole('figure')).toHaveTextContent('Camera off');
  });

  test('shows initials until the first frame, and none of the stream before', () => {
    render(<VideoTile stream={fakeStream()} name="Ana" />);
    expect(screen.getByText('A')).toBeVisible();
    showFrame('Ana');
    expect(screen.queryByText('A')).toBeNull();
    fireEvent.emptied(Object.defineProperty(videoOf('Ana'), 'videoWidth', { value: 0 }));
    expect(screen.getByText('A')).toBeVisible();
  });

  test('shows initials where the camera is off, not the last frame', () => {
    const { rerender } = render(<VideoTile peer={fakePeer()} />);
    showFrame('Bo');
    expect(screen.queryByText('B')).toBeNull();
    rerender(<VideoTile peer={fakePeer({ muted: { camera: true, microphone: false } })} />);
    expect(screen.getByText('B')).toBeVisible();
  });

  test('takes name, state and signs from the peer', () => {
    const muted = { camera: true, microphone: true };
    render(<VideoTile peer={fakePeer({ state: 'connecting', muted, data: { hand: true } })} />);
    const tile = screen.getByRole('figure');
    expect(tile).toHaveTextContent('Microphone off: Bo');
    expect(screen.getByText('Connecting…')).toBeVisible();
    expect(screen.getByTitle('Hand raised')).toBeVisible();
    expect(videoOf('Bo')).toBeInTheDocument();
  });

  test.each([null, 'hand', [true], { hand: 'yes' }, { hand: false }])(
    'data of a peer that raises no hand: %j',
    (data) => {
      render(<VideoTile peer={fakePeer({ data })} />);
      expect(screen.queryByTitle('Hand raised')).toBeNull();
    },
  );

  test('shows the screen of a peer, without the signs of the person', () => {
    const peer = fakePeer({
      screen: fakeStream(),
      muted: { camera: true, microphone: true },
      data: { hand: true },
    });
    render(<VideoTile peer={peer} source="screen" />);
    const video = screen.getByLabelText<HTMLVideoElement>('Bo’s screen');
    expect(video.srcObject).toBe(peer.screen);
    expect(screen.getByRole('figure')).not.toHaveTextContent('Microphone off');
    expect(screen.queryByTitle('Hand raised')).toBeNull();
  });

  test('says who speaks, who is away, whose connection is weak', () => {
    render(<VideoTile peer={fakePeer({ state: 'disconnected' })} speaking quality="poor" />);
    expect(screen.getByRole('figure')).toHaveTextContent('Bo, Speaking');
    expect(screen.getByText('Reconnecting…')).toBeVisible();
    expect(screen.getByTitle('Weak connection')).toBeVisible();
  });

  test('has a button to pin it inside a grid only', () => {
    const tile = <VideoTile name="Ana" />;
    const { rerender } = render(tile);
    expect(screen.queryByRole('button')).toBeNull();
    rerender(<CallGrid>{tile}</CallGrid>);
    expect(screen.getByRole('button', { name: 'Pin Ana' })).toHaveAttribute(
      'aria-pressed',
      'false',
    );
  });

  describe('picture in picture', () => {
    const request = vi.fn(async () => ({}) as PictureInPictureWindow);

    beforeEach(() => {
      Object.assign(document, { pictureInPictureEnabled: true });
      HTMLVideoElement.prototype.requestPictureInPicture = request;
      return () => {
        Object.assign(document, { pictureInPictureEnabled: undefined });
      };
    });

    test('is offered where the browser has it and there is a picture', async () => {
      render(<VideoTile stream={fakeStream()} name="Ana" />);
      expect(screen.queryByRole('button')).toBeNull();
      showFrame('Ana');
      await userEvent.click(screen.getByRole('button', { name: 'Picture in picture: Ana' }));
      expect(request.mock.contexts).toEqual([videoOf('Ana')]);
    });
  });
});
