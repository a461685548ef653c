import '@testing-library/jest-dom/vitest';
import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConnectionStatus } from '../../src/components/index.js';
import {
  type Connection,
  MemoryDriver,
  SignalingError,
  SignalingProvider,
  useSignal,
} from '../../src/index.js';

/** A driver that stands as it is told. */
class StandingDriver extends MemoryDriver {
  override readonly reconnect = vi.fn();
  readonly #connection: Connection;

  constructor(connection: Partial<Connection>) {
    super();
    this.#connection = { ...super.connection, ...connection };
  }

  override get connection(): Connection {
    return this.#connection;
  }
}

function renderStanding(connection: Partial<Connection>): StandingDriver {
  const driver = new StandingDriver(connection);
  render(
    <SignalingProvider driver={driver}>
      <ConnectionStatus />
    </SignalingProvider>,
  );
  return driver;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('ConnectionStatus', () => {
  test('follows the connection', async () => {
    function Listener({ topic }: { topic: string | null }) {
      useSignal(topic);
      return null;
    }
    const driver = new MemoryDriver();
    const tree = (topic: string | null) => (
      <SignalingProvider driver={driver}>
        <Listener topic={topic} />
        <ConnectionStatus />
      </SignalingProvider>
    );
    const { rerender } = render(tree(null));
    expect(screen.getByRole('status')).toHaveTextContent('Not connected');
    rerender(tree('topic'));
    expect(await screen.findByText('Connected')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('says why it is lost and when it is tried again, second by second', () => {
    vi.useFakeTimers();
    renderStanding({
      status: 'reconnecting',
      error: new SignalingError('unreachable', 'The hub answered 503.'),
      attempt: 2,
      retryAt: Date.now() + 2_500,
    });
    expect(screen.getByRole('status')).toHaveTextContent('Reconnecting…The hub answered 503.');
    const timer = screen.getByRole('timer');
    expect(timer).toHaveTextContent('Attempt 2 failed. Next attempt in 3 s');
    act(() => void vi.advanceTimersByTime(1_000));
    expect(timer).toHaveTextContent('Next attempt in 2 s');
    act(() => void vi.advanceTimersByTime(5_000));
    expect(timer).toHaveTextContent('Trying now…');
    expect(screen.getByRole('status')).not.toContainElement(timer);
  });

  test.each(['reconnecting', 'closed'] as const)('tries at once when asked: %s', async (status) => {
    const driver = renderStanding({ status });
    await userEvent.click(screen.getByRole('button', { name: 'Reconnect now' }));
    expect(driver.reconnect).toHaveBeenCalledOnce();
  });

  test.each([
    [1, '1 signal waits to be sent'],
    [3, '3 signals wait to be sent'],
  ])('says what waits: %i', (queued, sentence) => {
    renderStanding({ status: 'reconnecting', queued });
    expect(screen.getByText(sentence)).toBeVisible();
  });
});
