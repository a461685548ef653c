import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { CallControls } from '../../src/components/index.js';
import { fakeDevice, fakeMedia } from './fakes.js';

const button = (name: string) => screen.getByRole('button', { name });

/** As much of a device as a browser tells. */
const device = (deviceId: string, label: string) => ({ deviceId, label }) as MediaDeviceInfo;

describe('CallControls', () => {
  test('switches microphone and camera, and shows that they are off', async () => {
    const media = fakeMedia();
    const { rerender } = render(<CallControls media={media} />);
    expect(button('Mute microphone')).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(button('Mute microphone'));
    await userEvent.click(button('Turn camera off'));
    expect(media.microphone.set).toHaveBeenCalledExactlyOnceWith(false);
    expect(media.camera.set).toHaveBeenCalledExactlyOnceWith(false);

    const off = fakeMedia({ camera: fakeDevice({ on: false, status: 'off' }) });
    rerender(<CallControls media={off} />);
    expect(button('Turn camera off')).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(button('Turn camera off'));
    expect(off.camera.set).toHaveBeenCalledExactlyOnceWith(true);
  });

  test('shows that a device is being asked for', () => {
    render(
      <CallControls media={fakeMedia({ camera: fakeDevice({ on: false, status: 'asking' }) })} />,
    );
    expect(button('Turn camera off')).toHaveAttribute('aria-busy', 'true');
  });

  test('chooses a device by its name, or its number where the browser hides names', async () => {
    const camera = fakeDevice({
      devices: [device('front', 'Front camera'), device('back', '')],
      deviceId: 'front',
    });
    render(<CallControls media={fakeMedia({ camera })} />);
    const menu = screen.getByRole('combobox', { name: 'Choose a camera' });
    expect(menu).toHaveDisplayValue('Front camera');
    await userEvent.selectOptions(menu, 'Device 2');
    expect(camera.select).toHaveBeenCalledExactlyOnceWith('back');
  });

  test('shows no device as chosen that is not there', () => {
    const camera = fakeDevice({ devices: [device('front', 'Front camera')], deviceId: undefined });
    render(<CallControls media={fakeMedia({ camera })} />);
    expect(screen.getByRole('combobox', { name: 'Choose a camera' })).toHaveDisplayValue(
      'Choose a camera',
    );
    expect(screen.getByRole('combobox', { name: 'Choose a microphone' })).toBeDisabled();
  });

  test('has a button where it has a handler', () => {
    render(<CallControls media={fakeMedia()} />);
    const names = screen.getAllByRole('button').map(({ ariaLabel }) => ariaLabel);
    expect(names).toEqual(['Mute microphone', 'Turn camera off']);
  });

  test('raises a hand, opens the chat, leaves, by keyboard alone', async () => {
    const handlers = { onHand: vi.fn(), onChat: vi.fn(), onLeave: vi.fn() };
    render(
      <CallControls media={fakeMedia()} hand chat={false} unread={3} {...handlers}>
        <button>More</button>
      </CallControls>,
    );
    expect(button('Raise hand')).toHaveAttribute('aria-pressed', 'true');
    const press = async (name: string) => {
      await userEvent.tab();
      while (document.activeElement !== button(name)) await userEvent.tab();
      await userEvent.keyboard('{Enter}');
    };
    await press('Raise hand');
    expect(handlers.onHand).toHaveBeenCalledExactlyOnceWith(false);
    await press('Chat, 3 unread');
    expect(handlers.onChat).toHaveBeenCalledExactlyOnceWith(true);
    await userEvent.tab();
    expect(button('More')).toHaveFocus();
    await press('Leave call');
    expect(handlers.onLeave).toHaveBeenCalledOnce();
  });

  test('shares a screen where the browser can', async () => {
    vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia: () => {} } });
    try {
      const media = fakeMedia();
      const { rerender } = render(<CallControls media={media} />);
      await userEvent.click(button('Share screen'));
      expect(media.screen.start).toHaveBeenCalledOnce();
      rerender(<CallControls media={{ ...media, screen: { ...media.screen, on: true } }} />);
      await userEvent.click(button('Share screen'));
      expect(media.screen.stop).toHaveBeenCalledOnce();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
