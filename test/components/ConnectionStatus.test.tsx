import '@testing-library/jest-dom/vitest';
import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConnectionStatus } from '../../src/components/index.js';
import { type Driver, SignalingError, SignalingProvider, useSignal } from '../../src/index.js';
import { createTestSignaling, type TestSignaling } from '../../src/testing/index.js';

function Listener({ topic }: { topic: string | null }) {
  useSignal(topic);
  return null;
}

const page = (driver: Driver, topic: string | null = 'topic') => (
  <SignalingProvider driver={driver} onError={() => {}}>
    <Listener topic={topic} />
    <ConnectionStatus />
  </SignalingProvider>
);

afterEach(() => {
  vi.useRealTimers();
});

describe('ConnectionStatus', () => {
  test('follows the connection', async () => {
    const { driver } = createTestSignaling();
    const { rerender } = render(page(driver, null));
    expect(screen.getByRole('status')).toHaveTextContent('Not connected');
    rerender(page(driver));
    expect(await screen.findByText('Connected')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('says why it is lost and when it is tried again, second by second', () => {
    vi.useFakeTimers();
    const signaling = createTestSignaling();
    render(page(signaling.driver));
    const error = new SignalingError('unreachable', 'The hub answered 503.');
    act(() => signaling.disconnect({ error, attempt: 2, retryAt: Date.now() + 2_500 }));
    // What the error says is for the developer.
    expect(screen.getByRole('status')).toHaveTextContent(
      /^Reconnecting…The server cannot be reached. Check your connection.$/,
    );
    const timer = screen.getByRole('timer');
    expect(timer).toHaveTextContent('Next attempt in 3 s');
    act(() => void vi.advanceTimersByTime(1_000));
    expect(timer).toHaveTextContent('Next attempt in 2 s');
    act(() => void vi.advanceTimersByTime(5_000));
    expect(timer).toHaveTextContent('Trying now…');
    expect(screen.getByRole('status')).not.toContainElement(timer);
  });

  test.each([
    ['reconnecting', (signaling: TestSignaling) => signaling.disconnect()],
    ['closed', (signaling: TestSignaling) => signaling.refuse('topic')],
  ])('tries at once when asked: %s', async (_, breakIt) => {
    const signaling = createTestSignaling();
    breakIt(signaling);
    render(page(signaling.driver));
    const button = await screen.findByRole('button', { name: 'Reconnect now' });
    signaling.mend();
    await userEvent.click(button);
    expect(await screen.findByText('Connected')).toBeVisible();
  });

  test.each([
    [1, '1 message waits to be sent'],
    [3, '3 messages wait to be sent'],
  ])('says what waits: %i', async (queued, sentence) => {
    const signaling = createTestSignaling();
    signaling.disconnect();
    render(page(signaling.driver));
    for (let index = 0; index < queued; index++) void signaling.driver.publish('topic', []);
    expect(await screen.findByText(sentence)).toBeVisible();
  });
});
