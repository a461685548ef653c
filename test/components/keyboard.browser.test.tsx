import { expect, onTestFinished, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { MemoryHub } from '../../src/index.js';
import { callOf, PATIENCE, Person } from './people.js';

const focusedName = () => document.activeElement?.getAttribute('aria-label') ?? '';

/** Goes there with Tab alone; every stop on the way shows the focus. */
async function tabTo(name: string): Promise<void> {
  for (let stops = 0; stops < 30; stops++) {
    await userEvent.keyboard('{Tab}');
    if (focusedName() === name || document.activeElement?.textContent === name) return;
    expect(showsFocus(document.activeElement!), `focus on ${focusedName()}`).toBe(true);
  }
  throw new Error(`Tab does not reach ${name}.`);
}

/** On the element, or on what stands around it. */
function showsFocus(element: Element): boolean {
  const hasOutline = (one: Element | null) =>
    one !== null && getComputedStyle(one).outlineStyle !== 'none';
  return hasOutline(element) || hasOutline(element.parentElement);
}

async function press(name: string): Promise<void> {
  await tabTo(name);
  await userEvent.keyboard('{Enter}');
}

test('a whole call by keyboard alone', { timeout: 90_000 }, async () => {
  const hub = new MemoryHub();
  const screen = await render(
    <>
      <Person hub={hub} name="Ana" lobby />
      <Person hub={hub} name="Bo" hue={120} />
    </>,
  );
  onTestFinished(() => screen.unmount());
  const [ana, bo] = [callOf('Ana'), callOf('Bo')];

  await press('Turn camera off');
  await press('Join call');
  await expect.element(ana.getByText('Bo joined.'), PATIENCE).toBeInTheDocument();
  await expect.element(bo.getByText('Ana joined.'), PATIENCE).toBeInTheDocument();

  await userEvent.keyboard('v');
  await expect
    .element(ana.getByRole('button', { name: 'Turn camera off' }))
    .toHaveAttribute('aria-pressed', 'false');
  await userEvent.keyboard('m');
  await expect.element(bo.getByText('Microphone off'), PATIENCE).toBeInTheDocument();

  await press('Pin Bo');
  await expect
    .element(ana.getByRole('button', { name: 'Pin Bo' }))
    .toHaveAttribute('aria-pressed', 'true');

  await press('Raise hand');
  await expect.element(bo.getByText('Ana raised a hand.'), PATIENCE).toBeInTheDocument();
  await press('Chat');
  await userEvent.keyboard('Hello Bo{Enter}');
  await expect.element(bo.getByText('Ana: Hello Bo'), PATIENCE).toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  expect(focusedName()).toBe('Chat');

  await press('Leave call');
  await expect.element(bo.getByText('Ana left.'), PATIENCE).toBeInTheDocument();
  expect(document.activeElement).toBe(ana.element());
  await press('Join again');
  await expect.element(ana.getByRole('region', { name: 'Ready to join?' })).toBeVisible();
});
