import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { CallGrid, VideoTile, type CallGridProps } from '../../src/components/index.js';

function grid(props: CallGridProps & { screens?: string[] } = {}) {
  const { screens = [], ...rest } = props;
  return (
    <CallGrid {...rest}>
      {screens.map((name) => (
        <VideoTile key={`${name}/screen`} name={name} source="screen" />
      ))}
      <VideoTile key="ana" name="Ana" />
      {false}
      <VideoTile key="bo" name="Bo" />
    </CallGrid>
  );
}

const pinOf = (name: string) => screen.getByRole('button', { name: `Pin ${name}` });
const pinned = () => screen.queryAllByRole('button', { pressed: true }).map((one) => one.ariaLabel);

describe('CallGrid', () => {
  test('is a list with one item a tile', () => {
    render(grid());
    expect(screen.getByRole('list', { name: 'People in this call' })).toBeVisible();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
  });

  test('pins the tile of which the button is pressed, one at a time', async () => {
    const onPin = vi.fn();
    render(grid({ onPin }));
    expect(pinned()).toEqual([]);
    await userEvent.click(pinOf('Ana'));
    await userEvent.click(pinOf('Bo'));
    expect(pinned()).toEqual(['Pin Bo']);
    await userEvent.click(pinOf('Bo'));
    expect(pinned()).toEqual([]);
    expect(onPin.mock.calls).toEqual([['ana'], ['bo'], [null]]);
  });

  test('pins the screen that was shared last', () => {
    const { rerender } = render(grid({ screens: ['Bo'] }));
    expect(pinned()).toEqual(['Pin Bo’s screen']);
    rerender(grid({ screens: ['Bo', 'Ana'] }));
    expect(pinned()).toEqual(['Pin Ana’s screen']);
    rerender(grid());
    expect(pinned()).toEqual([]);
  });

  test('lets the user look at somebody else, until another screen comes', async () => {
    const { rerender } = render(grid({ screens: ['Bo'] }));
    await userEvent.click(pinOf('Ana'));
    expect(pinned()).toEqual(['Pin Ana']);
    await userEvent.click(pinOf('Ana'));
    expect(pinned()).toEqual([]);
    rerender(grid({ screens: ['Bo', 'Ana'] }));
    expect(pinned()).toEqual(['Pin Ana’s screen']);
  });

  test('goes back to the screen when the pinned one is gone', async () => {
    const { rerender } = render(grid({ screens: ['Ana', 'Bo'] }));
    await userEvent.click(pinOf('Ana’s screen'));
    expect(pinned()).toEqual(['Pin Ana’s screen']);
    rerender(grid({ screens: ['Bo'] }));
    expect(pinned()).toEqual(['Pin Bo’s screen']);
  });

  test('shows what its parent pins, and asks it for another', async () => {
    const onPin = vi.fn();
    render(grid({ pinned: 'bo', onPin, screens: ['Ana'] }));
    expect(pinned()).toEqual(['Pin Bo']);
    await userEvent.click(pinOf('Ana'));
    expect(onPin).toHaveBeenCalledWith('ana');
    expect(pinned()).toEqual(['Pin Bo']);
  });

  test('offers no pins where its parent fixes one', () => {
    render(grid({ pinned: 'bo' }));
    expect(screen.queryByRole('button')).toBeNull();
  });
});
