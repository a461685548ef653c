import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { CallControls } from '../../src/components/index.js';
import { fakeMedia, fakeStream, FakeTrack } from './fakeMedia.js';

const button = (name: string) => screen.getByRole('button', { name });

describe('CallControls', () => {
  test('switches microphone and camera off, and says that they are', async () => {
    const media = fakeMedia();
    const { rerender } = render(<CallControls media={media} />);
    expect(button('Mute microphone')).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(button('Mute microphone'));
    await userEvent.click(button('Turn camera off'));
    expect(media.setMicrophone).toHaveBeenCalledExactlyOnceWith(false);
    expect(media.setCamera).toHaveBeenCalledExactlyOnceWith(false);

    rerender(<CallControls media={{ ...media, microphone: false, camera: false }} />);
    expect(button('Mute microphone')).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(button('Turn camera off'));
    expect(media.setCamera).toHaveBeenLastCalledWith(true);
  });

  test('can be worked with the keyboard alone', async () => {
    const media = fakeMedia();
    const onLeave = vi.fn();
    render(<CallControls media={media} onLeave={onLeave} />);
    await userEvent.tab();
    expect(button('Mute microphone')).toHaveFocus();
    await userEvent.keyboard(' ');
    expect(media.setMicrophone).toHaveBeenCalledWith(false);
    await userEvent.tab();
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    expect(onLeave).toHaveBeenCalledOnce();
  });

  test('offers only what is there', () => {
    const stream = fakeStream(new FakeTrack('audio'));
    render(<CallControls media={fakeMedia({ stream, camera: false })} />);
    expect(button('Mute microphone')).toBeEnabled();
    expect(button('Turn camera off')).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Leave call' })).toBeNull();
  });
});
