import type { Meta, StoryObj } from '@storybook/react-vite';
import { useConnection, useDriver } from 'react-signaling';
import { expect, userEvent, waitFor } from 'storybook/test';
import { withProvider } from '../helpers/withProvider.js';
import { OrderBook } from './orderBook.example.js';

const meta: Meta = {
  title: 'Recipes/An order book of 1,000 rows',
  decorators: [withProvider],
  // One row is as good as the others.
  parameters: { a11y: { context: { exclude: ['li:nth-child(n + 5)'] } } },
};

export default meta;

export const Prices: StoryObj = {
  render: () => (
    <>
      <Exchange />
      <OrderBook />
    </>
  ),
  play: async ({ canvas }) => {
    const button = canvas.getByRole('button', { name: 'Change 100 prices' });
    await waitFor(() => expect(button).toBeEnabled(), { timeout: 10_000 });
    await userEvent.click(button);
    await canvas.findByText(/^S0 \d+\.\d\d$/, {}, { timeout: 10_000 });
    await canvas.findByText(/^S99 \d+\.\d\d$/, {}, { timeout: 10_000 });
  },
};

function Exchange() {
  const driver = useDriver();
  const { status } = useConnection();
  const change = () => {
    for (let index = 0; index < 100; index++) {
      const price = new TextEncoder().encode(JSON.stringify(100 * Math.random()));
      void driver.publish(`https://example.com/prices/S${index}`, price);
    }
  };
  return (
    <button disabled={status !== 'open'} onClick={change}>
      Change 100 prices
    </button>
  );
}
