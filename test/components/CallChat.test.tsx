import '@testing-library/jest-dom/vitest';
import { render, renderHook, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { CallChat } from '../../src/components/index.js';
import { useUnread } from '../../src/components/useUnread.js';
import { fakeMessage } from './fakes.js';

const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Message' });

describe('CallChat', () => {
  test('lists who wrote what, as a log that screen readers follow', () => {
    const messages = [fakeMessage('Hello'), fakeMessage('Hi', { own: true, name: 'Ana' })];
    render(<CallChat messages={messages} send={vi.fn()} />);
    const [first, own] = screen.getAllByRole('listitem');
    expect(screen.getByRole('log', { name: 'Messages' })).toContainElement(first!);
    expect(first).toHaveTextContent(/^Bo .*Hello$/);
    expect(own).not.toHaveTextContent('Ana');
  });

  test('sends what was written, and clears the field', async () => {
    const send = vi.fn();
    render(<CallChat messages={[]} send={send} />);
    await userEvent.type(field(), '  Hello  {Enter}');
    expect(send).toHaveBeenCalledExactlyOnceWith('Hello');
    expect(field()).toHaveValue('');
    await userEvent.type(field(), '   {Enter}');
    expect(send).toHaveBeenCalledOnce();
  });

  test.each([{ toString: 1 }, null, 7, ['x']])(
    'leaves out what a peer sent that is no text: %j',
    (body) => {
      render(<CallChat messages={[fakeMessage(body as never)]} send={vi.fn()} />);
      expect(screen.queryByRole('listitem')).toBeNull();
      expect(screen.getByText('No messages yet')).toBeVisible();
    },
  );
});

describe('useUnread', () => {
  const [one, two, three] = [fakeMessage('1'), fakeMessage('2'), fakeMessage('3')];
  const render = () =>
    renderHook(({ messages, open }) => useUnread(messages, open), {
      initialProps: { messages: [one], open: false },
    });

  test('gives what came since the chat was last open', () => {
    const { result, rerender } = render();
    expect(result.current).toEqual([one]);
    rerender({ messages: [one, two], open: true });
    expect(result.current).toEqual([]);
    rerender({ messages: [one, two], open: false });
    expect(result.current).toEqual([]);
    rerender({ messages: [one, two, three], open: false });
    expect(result.current).toEqual([three]);
  });

  test('leaves out one’s own', () => {
    const { result, rerender } = render();
    rerender({ messages: [one, fakeMessage('4', { own: true })], open: false });
    expect(result.current).toEqual([one]);
  });

  test('takes all as unread where the last one read is no longer kept', () => {
    const { result, rerender } = render();
    rerender({ messages: [one], open: true });
    rerender({ messages: [two, three], open: false });
    expect(result.current).toEqual([two, three]);
  });
});
