import '@testing-library/jest-dom/vitest';
import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CallAudio } from '../../src/components/index.js';
import { fakePeer, fakeStream } from './fakes.js';

const play = vi.spyOn(HTMLMediaElement.prototype, 'play');
const elements = () => Array.from(document.querySelectorAll('audio'));
const button = () => screen.queryByRole('button', { name: 'Turn on sound' });

/** As browsers do before somebody has touched the page. */
function blockSound(): void {
  play.mockRejectedValue(new DOMException('No gesture yet', 'NotAllowedError'));
}

beforeEach(() => {
  play.mockReset().mockResolvedValue();
});

describe('CallAudio', () => {
  test('plays everybody and every shared screen, and lets go of who leaves', () => {
    const ana = fakePeer({ id: 'ana', screen: fakeStream() });
    const bo = fakePeer({ id: 'bo' });
    const cleo = fakePeer({ id: 'cleo', camera: null });
    const { rerender } = render(<CallAudio peers={[ana, bo, cleo]} />);
    expect(elements().map(({ srcObject }) => srcObject)).toEqual([
      ana.camera,
      ana.screen,
      bo.camera,
    ]);
    const [first] = elements();
    rerender(<CallAudio peers={[bo, cleo]} />);
    expect(elements().map(({ srcObject }) => srcObject)).toEqual([bo.camera]);
    expect(first!.srcObject).toBeNull();
  });

  test('does not start anew for a new snapshot of the same peer', () => {
    const bo = fakePeer();
    const { rerender } = render(<CallAudio peers={[bo]} />);
    rerender(<CallAudio peers={[{ ...bo, name: 'Bob' }]} />);
    expect(play).toHaveBeenCalledOnce();
  });

  test.each(['click', 'key'])(
    'turns all sound on at the first %s, where it is blocked',
    async (by) => {
      blockSound();
      render(<CallAudio peers={[fakePeer({ id: 'ana' }), fakePeer({ id: 'bo' })]} />);
      await waitFor(() => expect(button()).toBeVisible());
      expect(screen.getByRole('alert')).toHaveTextContent('Your browser has muted this call.');
      play.mockReset().mockResolvedValue();
      if (by === 'click') await userEvent.click(document.body);
      else await userEvent.keyboard('x');
      expect(play).toHaveBeenCalledTimes(2);
      expect(button()).toBeNull();
    },
  );

  test('shows the button again where that was refused as well', async () => {
    blockSound();
    render(<CallAudio peers={[fakePeer()]} />);
    await waitFor(() => expect(button()).toBeVisible());
    await userEvent.click(button()!);
    await waitFor(() => expect(button()).toBeVisible());
  });

  test('asks for no click where playing was only interrupted', async () => {
    play.mockRejectedValue(new DOMException('Another stream', 'AbortError'));
    render(<CallAudio peers={[fakePeer()]} />);
    await waitFor(() => expect(play).toHaveBeenCalled());
    await Promise.resolve();
    expect(button()).toBeNull();
  });

  test('uses the speaker that was chosen, and where it is gone, the one before', async () => {
    const setSinkId = vi.fn(async (id: string) => {
      if (id === 'gone') throw new DOMException('No such device', 'NotFoundError');
    });
    Object.assign(HTMLMediaElement.prototype, { setSinkId });
    try {
      const peers = [fakePeer()];
      const { rerender } = render(<CallAudio peers={peers} speaker="headset" />);
      expect(setSinkId).toHaveBeenLastCalledWith('headset');
      rerender(<CallAudio peers={peers} speaker="gone" />);
      expect(setSinkId).toHaveBeenLastCalledWith('gone');
      rerender(<CallAudio peers={peers} />);
      expect(setSinkId).toHaveBeenLastCalledWith('');
    } finally {
      Reflect.deleteProperty(HTMLMediaElement.prototype, 'setSinkId');
    }
  });

  test('plays where the browser has no setSinkId', () => {
    render(<CallAudio peers={[fakePeer()]} speaker="headset" />);
    expect(play).toHaveBeenCalledOnce();
  });
});
