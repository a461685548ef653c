import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Lobby } from '../../src/components/index.js';
import { SignalingError } from '../../src/index.js';
import { fakeDevice, fakeMedia } from './fakes.js';

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
});

describe('Lobby', () => {
  test('shows oneself silently, and joins at a click', async () => {
    const media = fakeMedia();
    const onJoin = vi.fn();
    render(<Lobby media={media} name="Ana" onJoin={onJoin} />);
    const video = screen.getByLabelText<HTMLVideoElement>('Video of Ana');
    expect(video.srcObject).toBe(media.camera.stream);
    expect(video.muted).toBe(true);
    expect(screen.getByRole('region', { name: 'Ready to join?' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Join call' }));
    expect(onJoin).toHaveBeenCalledOnce();
  });

  test('chooses a speaker where the browser lets a page do so', async () => {
    const select = vi.fn();
    const devices = ['Headset', 'Desk'].map((name) => ({ deviceId: name, label: name }));
    const media = fakeMedia({
      speaker: { devices: devices as MediaDeviceInfo[], deviceId: undefined, select },
    });
    const { rerender } = render(<Lobby media={media} onJoin={vi.fn()} />);
    const menu = screen.getByRole('combobox', { name: 'Choose a speaker' });
    await userEvent.selectOptions(menu, 'Desk');
    expect(select).toHaveBeenCalledExactlyOnceWith('Desk');
    rerender(<Lobby media={fakeMedia()} onJoin={vi.fn()} />);
    expect(screen.queryByRole('combobox', { name: 'Choose a speaker' })).toBeNull();
  });

  test('switches devices before anybody sees or hears them', async () => {
    const media = fakeMedia();
    render(<Lobby media={media} onJoin={vi.fn()} />);
    await userEvent.click(screen.getByRole('button', { name: 'Turn camera off' }));
    await userEvent.click(screen.getByRole('button', { name: 'Mute microphone' }));
    expect(media.camera.set).toHaveBeenCalledExactlyOnceWith(false);
    expect(media.microphone.set).toHaveBeenCalledExactlyOnceWith(false);
  });

  test('says what stands in the way, once where it is the same for both', () => {
    const failed = (code: 'usage' | 'media-busy') =>
      fakeDevice({
        on: false,
        status: 'error',
        error: new SignalingError(code, 'For developers.'),
      });
    const { rerender } = render(
      <Lobby
        media={fakeMedia({ camera: failed('usage'), microphone: failed('usage') })}
        onJoin={vi.fn()}
      />,
    );
    const status = screen.getByRole('status');
    expect(status).toHaveTextContent(/^Calls need a secure page \(https\).$/);
    rerender(<Lobby media={fakeMedia({ camera: failed('media-busy') })} onJoin={vi.fn()} />);
    expect(status).toHaveTextContent('Your camera is used by another app.');
  });
});
