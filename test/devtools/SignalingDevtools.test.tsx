import '@testing-library/jest-dom/vitest';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  inspect,
  SignalingDevtools,
  signalingDevtoolsPlugin,
  type InspectedDriver,
} from '../../src/devtools/index.js';
import { describeBytes } from '../../src/devtools/describeBytes.js';
import { json, MemoryDriver, SignalingProvider, useSignal } from '../../src/index.js';

let driver: InspectedDriver;

beforeEach(() => {
  vi.useFakeTimers();
  driver = inspect(new MemoryDriver());
});

afterEach(() => vi.useRealTimers());

/** What the panel shows: Testing Library does not look into a shadow root by itself. */
const panel = () => {
  const host = [...document.querySelectorAll('div')].find(({ shadowRoot }) => shadowRoot)!;
  return within(host.shadowRoot as unknown as HTMLElement);
};
const look = () => act(() => vi.advanceTimersByTimeAsync(250));

function Listener() {
  const { data } = useSignal<string>('topic');
  return <output>{data}</output>;
}

async function show() {
  render(
    <SignalingProvider driver={driver}>
      <Listener />
      <SignalingDevtools driver={driver} />
    </SignalingProvider>,
  );
  fireEvent.click(panel().getByRole('button', { name: 'Signaling' }));
  await look();
}

test('shows the connection, the topics and the last signals', async () => {
  await show();
  await act(() => driver.publish('topic', json.encode('hello'), { type: 'greeting' }));
  await look();
  panel().getByText('Signaling: open');
  const [topic] = panel().getAllByRole('row').slice(1);
  expect(topic).toHaveTextContent(/^topicopen11signal:/);
  const [came, went] = panel().getAllByRole('listitem');
  expect(came).toHaveTextContent(/own.*topic.*greeting.*"hello".*7 B/);
  expect(went).toHaveTextContent(/published.*"hello"/);
});

test('breaks and mends the connection of the page', async () => {
  await show();
  const cut = () => panel().getByRole('button', { name: 'Cut' });
  fireEvent.click(cut());
  await look();
  expect(cut()).toHaveAttribute('aria-pressed', 'true');
  panel().getByText('Signaling: reconnecting');
  const published = driver.publish('topic', json.encode('waits'));
  await look();
  expect(screen.getByRole('status')).toBeEmptyDOMElement();
  fireEvent.click(cut());
  await act(() => published);
  expect(screen.getByRole('status')).toHaveTextContent('waits');
});

test('renders four times a second at most, and not at all while nothing happens', async () => {
  await show();
  const inspected = vi.spyOn(driver, 'inspect');
  for (let number = 0; number < 1_000; number++) void driver.publish('topic', json.encode(number));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(inspected.mock.calls.length).toBeLessThanOrEqual(4 * 2);
  inspected.mockClear();
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(inspected).not.toHaveBeenCalled();
});

test('does nothing while it is closed', async () => {
  await show();
  fireEvent.click(panel().getByRole('button', { name: 'Close' }));
  const inspected = vi.spyOn(driver, 'inspect');
  await driver.publish('topic', [1]);
  await look();
  expect(inspected).not.toHaveBeenCalled();
  expect(panel().queryByRole('region')).toBeNull();
});

test('is a plugin of TanStack Devtools', async () => {
  const { id, name, render: renderPlugin } = signalingDevtoolsPlugin(driver);
  expect([id, name]).toEqual(['react-signaling', 'Signaling']);
  render(renderPlugin(document.body, { theme: 'dark' }));
  panel().getByRole('region', { name: 'Signaling devtools' });
});

describe('reads a signal', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test.each([
    ['text', bytes('{"a":"€"}'), { text: '{"a":"€"}', isSealed: false }],
    ['a long text', bytes('x'.repeat(500)), { text: `${'x'.repeat(400)}…`, isSealed: false }],
    ['bytes', Uint8Array.of(0, 255), { text: '00 ff', isSealed: false }],
    ['nothing', new Uint8Array(), { text: '', isSealed: false }],
    [
      'of a call with a secret',
      bytes('{"to":"a","sealed":"b2"}'),
      { text: '{"to":"a","sealed":"b2"}', isSealed: true },
    ],
  ])('%s', (_, data, description) => {
    expect(describeBytes(data)).toEqual(description);
  });

  test('of the codec `sealed`', () => {
    const sealed = new Uint8Array(61).fill(200).with(0, 1);
    expect(describeBytes(sealed)).toMatchObject({ isSealed: true });
    expect(describeBytes(sealed.subarray(0, 60))).toMatchObject({ isSealed: false });
  });
});
