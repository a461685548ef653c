import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { App } from './SignalingDevtools.example.js';
import { App as AppWithTanStackDevtools } from './SignalingDevtools.tanstack.example.js';
import '../helpers/stories.css';

const meta: Meta = { title: 'Devtools/SignalingDevtools' };

export default meta;

export const Panel: StoryObj = {
  parameters: { docs: { story: { inline: false, iframeHeight: 520 } } },
  render: () => (
    <div className="story">
      <App />
    </div>
  ),
  play: async ({ canvas, canvasElement }) => {
    const panel = await findPanel(canvasElement);
    await panel.findByText('Signaling: open', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Switch' }));
    await panel.findByText('own', {}, { timeout: 5_000 });
    await userEvent.click(panel.getByRole('button', { name: 'Cut' }));
    await panel.findByText('Signaling: reconnecting');
    await userEvent.click(panel.getByRole('button', { name: 'Cut' }));
    await panel.findByText('Signaling: open');
    await expect(canvas.getByRole('status')).toHaveTextContent('The lamp is on');
  },
};

export const InTanStackDevtools: StoryObj = {
  name: 'In TanStack Devtools',
  parameters: { docs: { story: { inline: false, iframeHeight: 520 } } },
  render: () => (
    <div className="story">
      <AppWithTanStackDevtools />
    </div>
  ),
  play: async ({ canvas, canvasElement }) => {
    const panel = await findPanel(canvasElement.ownerDocument.body);
    await panel.findByText('Signaling: open', {}, { timeout: 10_000 });
    await userEvent.click(canvas.getByRole('button', { name: 'Ring' }));
    await panel.findByText('own', {}, { timeout: 5_000 });
    await expect(canvas.getByRole('status')).toHaveTextContent('Rings: 1');
  },
};

/**
 * The panel lives in a shadow root, which Testing Library does not look into by itself; the shell of
 * TanStack is loaded first.
 */
function findPanel(element: HTMLElement) {
  const look = () => {
    const roots = [...element.querySelectorAll('div')].map(({ shadowRoot }) => shadowRoot);
    const panel = roots.map((root) => root?.querySelector('section')).find(Boolean);
    if (!panel) throw new Error('No panel yet.');
    return within(panel);
  };
  return waitFor(look, { timeout: 10_000 });
}
