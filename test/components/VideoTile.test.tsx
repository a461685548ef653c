import '@testing-library/jest-dom/vitest';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { VideoTile } from '../../src/components/index.js';
import { fakeStream, FakeTrack } from './fakeMedia.js';

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
  test('plays its stream, the next one, and lets go of it at the end', () => {
    const [first, second] = [
      fakeStream(new FakeTrack('video')),
      fakeStream(new FakeTrack('video')),
    ];
    const { rerender, unmount } = render(<VideoTile stream={first} name="Ana" />);
    const video = videoOf('Ana');
    expect(video.srcObject).toBe(first);
    rerender(<VideoTile stream={second} name="Ana" />);
    expect(video.srcObject).toBe(second);
    expect(play).toHaveBeenCalledTimes(2);
    unmount();
    expect(video.srcObject).toBeNull();
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
    expect(screen.getByRole('figure')).toHaveTextContent('No picture');
  });

  test('shows the picture from its first frame to the end of its track', () => {
    const track = new FakeTrack('video');
    const stream = fakeStream();
    render(<VideoTile stream={stream} name="Ana" />);
    const initials = () => screen.queryByText('A');
    act(() => stream.add(track));
    expect(initials()).toBeVisible();
    showFrame('Ana');
    expect(initials()).toBeNull();
    act(() => track.end());
    expect(initials()).toBeVisible();
  });

  test('shows no old frame of the stream before', () => {
    const { rerender } = render(
      <VideoTile stream={fakeStream(new FakeTrack('video'))} name="Ana" />,
    );
    showFrame('Ana');
    rerender(<VideoTile stream={fakeStream(new FakeTrack('video'))} name="Ana" />);
    fireEvent.emptied(Object.defineProperty(videoOf('Ana'), 'videoWidth', { value: 0 }));
    expect(screen.getByText('A')).toBeVisible();
  });

  test('hides a picture that is known to be black', () => {
    render(<VideoTile stream={fakeStream(new FakeTrack('video'))} name="Ana" camera={false} />);
    showFrame('Ana');
    expect(screen.getByText('A')).toBeVisible();
  });

  test('says how the connection stands, and that the microphone is off', () => {
    const { rerender } = render(<VideoTile stream={null} name="Ana" state="connecting" />);
    expect(screen.getByText('Connecting…')).toBeVisible();
    rerender(<VideoTile stream={null} name="Ana" state="disconnected" />);
    expect(screen.getByText('Reconnecting…')).toBeVisible();
    rerender(<VideoTile stream={null} name="Ana" microphone={false} />);
    expect(screen.queryByText('Reconnecting…')).toBeNull();
    expect(screen.getByRole('figure')).toHaveTextContent('Microphone off: Ana');
  });

  test('is silent where it is told to be', () => {
    const stream = fakeStream(new FakeTrack('audio'));
    const { rerender } = render(<VideoTile stream={stream} name="Ana" muted />);
    expect(videoOf('Ana').muted).toBe(true);
    rerender(<VideoTile stream={stream} name="Ana" />);
    expect(videoOf('Ana').muted).toBe(false);
  });

  test('plays silently where the browser allows no sound, until somebody clicks', async () => {
    play.mockImplementation(async function (this: HTMLMediaElement) {
      if (!this.muted) throw new DOMException('No gesture yet', 'NotAllowedError');
    });
    render(
      <>
        <p>elsewhere</p>
        <VideoTile stream={fakeStream(new FakeTrack('audio'))} name="Ana" />
      </>,
    );
    const button = await screen.findByRole('button', { name: 'Turn on sound' });
    expect(videoOf('Ana').muted).toBe(true);
    await userEvent.click(screen.getByText('elsewhere'));
    expect(videoOf('Ana').muted).toBe(false);
    expect(button).not.toBeInTheDocument();
  });

  test('asks for no click where it plays nothing aloud', async () => {
    play.mockRejectedValue(new DOMException('Not even silently', 'NotAllowedError'));
    render(<VideoTile stream={fakeStream(new FakeTrack('video'))} name="Ana" muted />);
    await waitFor(() => expect(play).toHaveBeenCalled());
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('passes on attributes and a class of its user', () => {
    render(<VideoTile stream={null} name="Ana" className="mine" id="ana" />);
    expect(screen.getByRole('figure')).toHaveClass('rs-tile', 'mine');
    expect(screen.getByRole('figure')).toHaveAttribute('id', 'ana');
  });
});
