import type { StoryContext } from '@storybook/react-vite';
import { expect, userEvent } from 'storybook/test';

/** Adds a book before the page is loaded and one behind it: the page shows both, and once. */
export async function missNoBook(canvas: StoryContext['canvas']): Promise<void> {
  const press = (name: string) => userEvent.click(canvas.getByRole('button', { name }));
  await press('Add a book');
  await canvas.findByText('1 published');
  await press('Load the page');
  await canvas.findByText('Book 1', {}, { timeout: 10_000 });
  await press('Add a book');
  await canvas.findByText('Book 2', {}, { timeout: 10_000 });
  const items = canvas.getAllByRole('listitem').map(({ textContent }) => textContent);
  await expect(items).toEqual(['Book 0', 'Book 1', 'Book 2']);
}
