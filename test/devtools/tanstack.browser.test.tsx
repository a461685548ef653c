import { TanStackDevtools } from '@tanstack/react-devtools';
import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { inspect, signalingDevtoolsPlugin } from '../../src/devtools/index.js';
import { json, MemoryDriver, SignalingProvider, useSignal } from '../../src/index.js';

function Listener() {
  return <output>{useSignal<string>('topic').data}</output>;
}

test.each(['light', 'dark'] as const)('is a tab of TanStack Devtools, %s', async (theme) => {
  // What a developer has changed in the shell is kept there.
  localStorage.clear();
  await page.viewport(1280, 800);
  const driver = inspect(new MemoryDriver());
  const app = (
    <SignalingProvider driver={driver}>
      <Listener />
      <TanStackDevtools
        plugins={[signalingDevtoolsPlugin(driver)]}
        config={{ theme, defaultOpen: true }}
      />
    </SignalingProvider>
  );
  const screen = await render(app);
  onTestFinished(async () => {
    await screen.unmount();
    driver.destroy();
  });
  const panel = page.getByRole('region', { name: 'Signaling devtools' });
  await expect.element(panel.getByText('Signaling: open')).toBeVisible();
  await driver.publish('topic', json.encode('hello'));
  await expect.element(panel.getByRole('listitem').first()).toHaveTextContent('"hello"');

  const { clientWidth, clientHeight } = panel.element();
  expect(clientWidth).toBeGreaterThan(600);
  expect(clientHeight).toBeGreaterThan(200);
  const { backgroundColor } = getComputedStyle(panel.element());
  expect(backgroundColor).toBe({ light: 'rgb(255, 255, 255)', dark: 'rgb(25, 29, 36)' }[theme]);

  // The shell asks for the plugin anew whenever the page renders; the panel stays.
  const before = panel.element();
  await screen.rerender(app);
  await userEvent.click(panel.getByRole('button', { name: 'Cut' }));
  await expect.element(panel.getByText('Signaling: reconnecting')).toBeVisible();
  expect(panel.element()).toBe(before);
});
