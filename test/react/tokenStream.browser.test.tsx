import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { SignalingProvider } from '../../src/index.js';
import { Answer } from '../../stories/recipes/tokenStream.example.js';
import { publishAnswer } from '../../stories/recipes/tokenStream.server.example.js';

const HUB = '/.well-known/mercure';
const PIECES = Array.from({ length: 300 }, (_, number) => `${number}é🐈 `);
const TEXT = PIECES.join('');
const RELOADS_AT = [20, 21, 100, 180, 280];

test('an answer that is read anew in the middle, at any token, goes on exactly', async () => {
  const id = crypto.randomUUID();
  const page = (load: number) => (
    <SignalingProvider key={load}>
      <Answer id={id} />
    </SignalingProvider>
  );
  const screen = await render(page(0));
  const shown = () => screen.container.textContent;
  const texts = new Set<string>();
  const observer = new MutationObserver(() => texts.add(shown()));
  observer.observe(screen.container, { subtree: true, childList: true, characterData: true });

  let reloads = 0;
  async function* write() {
    for (const [number, piece] of PIECES.entries()) {
      // The page has something of the answer, and the rest is to come.
      if (RELOADS_AT.includes(number)) {
        await expect.poll(shown).not.toBe('');
        await screen.rerender(page(++reloads));
      }
      yield piece;
    }
  }
  await publishAnswer(HUB, id, write());
  await expect.poll(shown).toBe(TEXT);
  observer.disconnect();
  expect(reloads).toBe(RELOADS_AT.length);
  expect([...texts].filter((text) => !TEXT.startsWith(text))).toEqual([]);
});

test('a token that is published twice shows once', async () => {
  const id = crypto.randomUUID();
  async function* write() {
    yield 'one ';
    yield 'two';
  }
  await publishAnswer(HUB, id, write());
  await publishAnswer(HUB, id, write());
  const screen = await render(
    <SignalingProvider>
      <Answer id={id} />
    </SignalingProvider>,
  );
  const answer = screen.getByRole('region', { name: 'Answer' });
  await expect.element(answer).toHaveAttribute('aria-busy', 'false');
  expect(answer.element().textContent).toBe('one two');
});
