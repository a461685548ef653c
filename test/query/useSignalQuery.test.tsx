import { act, screen } from '@testing-library/react';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { Profiler, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { json, text, type DriverListener } from '../../src/index.js';
import { useSignalQuery, type UseSignalQueryOptions } from '../../src/query/index.js';
import { schemaOf } from '../react/support.js';
import { openPage, put, Rows, Server, type Row } from './support.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Long enough for everything that waits: rendering, and the pause between two refetches. */
const pass = (ms = 2_500) => act(() => vi.advanceTimersByTimeAsync(ms));
const shown = () => screen.getByRole('status').textContent;

const nothing = schemaOf((value): value is Row => value === undefined, 'no row');

type Options = Partial<UseSignalQueryOptions<Row, Row[]>>;

function Follower({ topic = 'rows', ...options }: Options & { topic?: string | null }) {
  const how = options.invalidate ? options : { update: put, ...options };
  useSignalQuery(topic, { queryKey: ['rows'], ...how } as UseSignalQueryOptions<Row, Row[]>);
  return null;
}

/** A page that shows the rows of a server and follows the topic, which is open. */
async function openRows(options: Parameters<typeof Follower>[0] = {}) {
  const page = openPage();
  const server = new Server();
  const tree = (
    <>
      <Rows server={server} />
      <Follower {...options} />
    </>
  );
  const rendered = await page.show(tree);
  await pass();
  server.asked = 0;
  return { ...page, ...rendered, server };
}

test('a signal updates the cached data, and nothing is fetched', async () => {
  const { say, server } = await openRows();
  await say('rows', { id: 'a' }, { id: 'b' });
  await pass();
  expect(shown()).toBe('a b');
  expect(server.asked).toBe(0);
});

test('the component that follows does not render for it', async () => {
  const page = openPage();
  let commits = 0;
  await page.show(
    <Profiler id="follower" onRender={() => commits++}>
      <Follower />
    </Profiler>,
  );
  page.client.setQueryData(['rows'], []);
  await page.say('rows', { id: 'a' });
  expect(page.ids()).toEqual(['a']);
  expect(commits).toBe(1);
});

test('the newest update is called, though it is written inline', async () => {
  const { say, rerender, ids, server } = await openRows({ update: () => undefined });
  await rerender(
    <>
      <Rows server={server} />
      <Follower update={(rows, { id }) => [...rows, { id: `new ${id}` }]} />
    </>,
  );
  await say('rows', { id: 'a' });
  expect(ids()).toEqual(['new a']);
});

test('data that is not there is not made up, and null is not now', async () => {
  const page = openPage();
  await page.show(<Follower />);
  await page.say('rows', { id: 'a' });
  expect(page.ids()).toBeUndefined();

  page.client.setQueryData(['rows'], []);
  await page.show(<Follower topic={null} />);
  expect(page.driver.connection.status).toBe('open');
});

test.each([
  ['one component', 1],
  ['three components', 3],
])(
  '1,000 signals to %s are at most two refetches, the last one after the last signal',
  async (_, count) => {
    const page = openPage();
    const server = new Server();
    await page.show(
      <>
        <Rows server={server} />
        {Array.from({ length: count }, (_, key) => (
          <Follower key={key} invalidate />
        ))}
      </>,
    );
    await pass();
    server.asked = 0;
    for (let number = 0; number < 1_000; number++) {
      server.rows = [{ id: `${number}` }];
      await page.say('rows', { id: `${number}` });
      if (number % 10 === 0) await pass(5);
    }
    await pass(5_000);
    expect(server.asked).toBe(2);
    expect(shown()).toBe('999');
  },
);

test('a signal that does not matter is not fetched for', async () => {
  const { say, server } = await openRows({ invalidate: ({ id }) => id !== 'x' });
  await say('rows', { id: 'x' });
  await pass();
  expect(server.asked).toBe(0);
  await say('rows', { id: 'a' });
  await pass();
  expect(server.asked).toBe(1);
});

test('two components that do the same apply a signal once', async () => {
  const page = openPage();
  const count = (rows: Row[], row: Row) => [...rows, row];
  await page.show(
    <>
      <Follower update={count} />
      <Follower update={count} />
    </>,
  );
  page.client.setQueryData(['rows'], []);
  await page.say('rows', { id: 'a' });
  expect(page.ids()).toEqual(['a']);
});

test('in StrictMode a signal is applied once, and nothing is left after unmounting', async () => {
  const page = openPage();
  const { rerender } = await page.show(
    <StrictMode>
      <Follower update={(rows, row) => [...rows, row]} />
    </StrictMode>,
  );
  page.client.setQueryData(['rows'], []);
  await page.say('rows', { id: 'a' });
  expect(page.ids()).toEqual(['a']);
  await rerender(null);
  expect(page.client.getQueryCache().hasListeners()).toBe(false);
  await page.say('rows', { id: 'b' });
  expect(page.ids()).toEqual(['a']);
});

test('a signal during a fetch is not undone by older data', async () => {
  const { say, server, client } = await openRows();
  server.rows = [{ id: 'old' }];
  server.hold();
  act(() => void client.invalidateQueries());
  await say('rows', { id: 'new' });
  await server.answer();
  await pass();
  expect(shown()).toBe('old new');
});

test('a signal during the first fetch is in the data', async () => {
  const page = openPage();
  const server = new Server();
  server.hold();
  await page.show(
    <>
      <Follower />
      <Rows server={server} />
    </>,
  );
  await pass(0);
  await page.say('rows', { id: 'new' });
  await server.answer();
  expect(page.ids()).toEqual(['new']);
});

test('data that was fetched before the topic was open is fetched again, once', async () => {
  const page = openPage();
  const server = new Server();
  page.hub.disconnect();
  await page.show(
    <>
      <Rows server={server} />
      <Follower />
    </>,
  );
  await pass();
  expect(server.asked).toBe(1);
  server.rows = [{ id: 'missed' }];
  page.hub.connect();
  await pass();
  expect(shown()).toBe('missed');
  expect(server.asked).toBe(2);
});

test('so is data of a topic that had been refused', async () => {
  const { hub, driver, server } = await openRows();
  hub.refuse('rows');
  await pass();
  hub.allow('rows');
  driver.reconnect();
  await pass();
  expect(server.asked).toBe(1);
});

test('a stream that was only lost for a while fetches nothing', async () => {
  const { hub, server } = await openRows();
  hub.disconnect();
  await pass();
  hub.connect();
  await pass();
  expect(server.asked).toBe(0);
});

test('a gap on the topic invalidates, on another one it does not', async () => {
  const page = openPage();
  const server = new Server();
  const on = vi.spyOn(page.driver, 'on');
  await page.show(
    <>
      <Rows server={server} />
      <Follower />
    </>,
  );
  await pass();
  server.asked = 0;
  const gaps = on.mock.calls.filter(([event]) => event === 'gap').map(([, listener]) => listener);
  const lose = (topic: string) => {
    const gap = { topics: [topic], lastEventId: undefined, missed: 1 };
    for (const listener of gaps) (listener as DriverListener<'gap'>)(gap);
  };
  lose('others');
  await pass();
  expect(server.asked).toBe(0);
  server.rows = [{ id: 'lost' }];
  lose('rows');
  await pass();
  expect(server.asked).toBe(1);
  expect(shown()).toBe('lost');
});

test('a signal on data that is out of date leaves it out of date', async () => {
  const page = openPage();
  await page.show(<Follower />);
  page.client.setQueryData(['rows'], [], { updatedAt: 1 });
  await act(() => page.client.invalidateQueries());
  await page.say('rows', { id: 'a' });
  expect(page.ids()).toEqual(['a']);
  expect(page.client.getQueryState(['rows'])).toMatchObject({
    isInvalidated: true,
    dataUpdatedAt: 1,
  });
});

test.each<[string, Options, string]>([
  [
    'does not decode',
    { codec: { ...text, decode: () => Promise.reject(new Error()) } as never },
    'decode',
  ],
  ['does not fit', { schema: nothing }, 'schema'],
  [
    'makes update throw',
    {
      update: () => {
        throw new Error();
      },
    },
    'handler',
  ],
])('a signal that %s is reported, and fetched instead', async (_, options, code) => {
  const { say, server, errors } = await openRows(options);
  server.rows = [{ id: 'a' }];
  await say('rows', { id: 'a' });
  await pass();
  expect(errors).toEqual([code]);
  expect(server.asked).toBe(1);
  expect(shown()).toBe('a');
});

test('its own onError comes before that of the provider', async () => {
  const own: string[] = [];
  const { say, errors } = await openRows({
    schema: nothing,
    onError: ({ code }) => own.push(code),
  });
  await say('rows', { id: 'a' });
  expect([own, errors]).toEqual([['schema'], []]);
});

test('what is no topic is an error that names the hook', async () => {
  const { errors } = await openRows({ topic: '' });
  expect(errors).toEqual(['usage']);
});

test('a new topic or key is followed in place of the old one', async () => {
  const { client, rerender, say, server } = await openRows();
  client.setQueryData(['others'], []);
  await rerender(
    <>
      <Rows server={server} />
      <Follower topic="others" queryKey={['others']} />
    </>,
  );
  await say('rows', { id: 'a' });
  await say('others', { id: 'b' });
  expect(shown()).toBe('');
  expect(client.getQueryData(['others'])).toEqual([{ id: 'b' }]);
});

test('a query that shows its data through select gets the whole data to update', async () => {
  const page = openPage();
  const server = new Server();
  function First() {
    const options = { queryKey: ['rows'], queryFn: server.fetch, staleTime: Infinity };
    const { data } = useQuery({ ...options, select: ([first]) => first?.id });
    return <output>{data}</output>;
  }
  await page.show(
    <>
      <First />
      <Follower />
    </>,
  );
  await pass();
  await page.say('rows', { id: 'a' }, { id: 'b' });
  await pass();
  expect(shown()).toBe('a');
  expect(page.ids()).toEqual(['a', 'b']);
});

describe('since', () => {
  /** What a server has answered, and the last update that is part of it. */
  interface Answer {
    rows: Row[];
    lastEventId: string | undefined;
  }

  const KEY = ['answer'];
  const idsOf = (client: QueryClient) => client.getQueryData<Answer>(KEY)?.rows.map(({ id }) => id);
  const ofData = ({ lastEventId }: Answer) => lastEventId;
  /** Adds, so that what comes twice shows. */
  const add = ({ rows }: Answer, row: Row, { id }: { id: string | undefined }): Answer => ({
    rows: [...rows, row],
    lastEventId: id,
  });

  function Continued(options: Partial<UseSignalQueryOptions<Row, Answer>>) {
    const how = options.invalidate ? options : { update: add, ...options };
    useSignalQuery('rows', {
      queryKey: KEY,
      since: ofData,
      ...how,
    } as UseSignalQueryOptions<Row, Answer>);
    return null;
  }

  /** A page that a server has answered with the first row; the second was published after that. */
  async function openAnswered() {
    const page = openPage();
    const publish = (id: string) =>
      act(() => page.hub.publish({ topics: ['rows'], data: btoa(JSON.stringify({ id })) }));
    const first = await publish('a');
    const server = { asked: 0 };
    const queryFn = async (): Promise<Answer> => {
      server.asked++;
      return { rows: [{ id: 'fetched' }], lastEventId: undefined };
    };
    function Shown() {
      useQuery({ queryKey: KEY, queryFn, staleTime: Infinity });
      return null;
    }
    page.client.setQueryData<Answer>(KEY, { rows: [{ id: 'a' }], lastEventId: first });
    const last = await publish('b');
    return { ...page, publish, server, Shown, first, last };
  }

  test('brings what came after the data, and then what comes; nothing is fetched', async () => {
    const { show, client, publish, server, Shown } = await openAnswered();
    await show(
      <>
        <Shown />
        <Continued />
      </>,
    );
    await pass();
    expect(idsOf(client)).toEqual(['a', 'b']);
    await publish('c');
    expect(idsOf(client)).toEqual(['a', 'b', 'c']);
    await pass();
    expect(server.asked).toBe(0);
  });

  test('fetches only where something came after the data', async () => {
    const { show, client, server, Shown, first, last } = await openAnswered();
    client.setQueryData<Answer>(KEY, { rows: [], lastEventId: last });
    const tree = (
      <>
        <Shown />
        <Continued invalidate />
      </>
    );
    const { unmount } = await show(tree);
    await pass();
    expect(server.asked).toBe(0);
    unmount();
    client.setQueryData<Answer>(KEY, { rows: [], lastEventId: first });
    await show(tree);
    await pass();
    expect(server.asked).toBe(1);
  });

  test('goes on where the data is when a component comes back', async () => {
    const { show, client, publish } = await openAnswered();
    const { rerender } = await show(<Continued />);
    await pass();
    await rerender(null);
    await publish('c');
    await rerender(
      <StrictMode>
        <Continued />
      </StrictMode>,
    );
    await pass();
    await publish('d');
    expect(idsOf(client)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is asked once for all components, and each signal is applied once', async () => {
    const { show, client, publish } = await openAnswered();
    const since = vi.fn(ofData);
    const { rerender } = await show([
      <Continued key="1" since={since} />,
      <Continued key="2" since={since} />,
    ]);
    await pass();
    expect(since).toHaveBeenCalledTimes(1);
    // The first one leaves.
    await rerender([<Continued key="2" since={since} />]);
    await publish('c');
    expect(idsOf(client)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['that the hub does not remember', 'unknown'],
    ['that the data does not have', undefined],
  ])('an id %s is fetched for', async (_, lastEventId) => {
    const { show, client, server, errors, Shown } = await openAnswered();
    client.setQueryData<Answer>(KEY, { rows: [], lastEventId });
    await show(
      <>
        <Shown />
        <Continued />
      </>,
    );
    await pass();
    expect(server.asked).toBe(1);
    expect(idsOf(client)).toEqual(['fetched']);
    expect(errors).toEqual([]);
  });

  test('that is no id is an error', async () => {
    const { show, errors } = await openAnswered();
    await show(<Continued since={() => ''} />);
    await pass();
    expect(errors).toEqual(['usage']);
  });
});

test('what is decoded after the last component has left is nobody’s', async () => {
  let decoded = (): void => {};
  const slow = {
    ...json,
    decode: (bytes: Parameters<typeof json.decode>[0]) =>
      new Promise<unknown>((resolve) => (decoded = () => resolve(json.decode(bytes)))),
  };
  const page = openPage();
  page.client.setQueryData(['rows'], []);
  const { rerender } = await page.show(<Follower codec={slow as never} />);
  await page.say('rows', { id: 'a' });
  await rerender(null);
  await act(async () => decoded());
  expect(page.ids()).toEqual([]);
  expect(page.errors).toEqual([]);
});
