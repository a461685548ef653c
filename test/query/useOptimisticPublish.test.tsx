import { act } from '@testing-library/react';
import { useEffect } from 'react';
import { expect, test, vi } from 'vitest';
import { json, SignalingError, type Bytes, type Codec } from '../../src/index.js';
import {
  useOptimisticPublish,
  useSignalQuery,
  type UseOptimisticPublishOptions,
} from '../../src/query/index.js';
import { openPage, put, Rows, Server, type Row } from './support.js';

// Every signal counts, so that one which is applied twice is seen.
const add = (rows: Row[], row: Row): Row[] => [...rows, row];

type Options = Partial<UseOptimisticPublishOptions<Row, Row[]>>;
type Mutation = ReturnType<typeof useOptimisticPublish<Row, Row[]>>;

/**
 * A page with a list that is empty. `publish` begins one, which ends when `take` or `refuse` is called
 * with its id.
 */
async function openList({
  follows = true,
  topic = 'rows',
  ...options
}: Options & { follows?: boolean; topic?: string | null } = {}) {
  const page = openPage();
  const waiting = new Map<string, { take(): void; refuse(): void }>();
  const publish = page.driver.publish.bind(page.driver);
  vi.spyOn(page.driver, 'publish').mockImplementation(async (topic, data, how) => {
    const { id } = json.decode(new Uint8Array(await data)) as Row;
    await new Promise<void>((resolve, reject) => {
      const refuse = () => reject(new SignalingError('unauthorized', 'No.'));
      waiting.set(id, { take: () => resolve(), refuse });
    });
    await publish(topic, data, how);
  });
  let mutation!: Mutation;
  function Writer() {
    mutation = useOptimisticPublish(topic, { queryKey: ['rows'], update: add, ...options });
    return null;
  }
  function Follower() {
    useSignalQuery('rows', { queryKey: ['rows'], update: add });
    return null;
  }
  const tree = (
    <>
      <Writer />
      {follows && <Follower />}
    </>
  );
  const rendered = await page.show(tree);
  page.client.setQueryData(['rows'], []);
  return {
    ...page,
    ...rendered,
    mutation: () => mutation,
    publish: (...ids: string[]) =>
      act(async () => {
        for (const id of ids) mutation.mutate({ id });
      }),
    take: (id: string) => act(async () => waiting.get(id)!.take()),
    refuse: (id: string) => act(async () => waiting.get(id)!.refuse()),
  };
}

test('a publish is shown at once, and stays as one when its signal comes back', async () => {
  const { publish, take, ids, mutation } = await openList();
  await publish('a');
  expect(ids()).toEqual(['a']);
  await vi.waitFor(() => expect(mutation().isPending).toBe(true));
  await take('a');
  expect(ids()).toEqual(['a']);
  await vi.waitFor(() => expect(mutation().isSuccess).toBe(true));
});

test('a refused publish is taken back, and is the error of the mutation', async () => {
  const errors: string[] = [];
  const { publish, refuse, ids, mutation } = await openList({
    onError: ({ code }, { id }) => errors.push(`${code} ${id}`),
  });
  await publish('a');
  await refuse('a');
  expect(ids()).toEqual([]);
  expect(errors).toEqual(['unauthorized a']);
  await vi.waitFor(() => expect(mutation().error?.code).toBe('unauthorized'));
});

test.each([
  [['a', 'b', 'c'], 'abc'],
  [['c', 'b', 'a'], 'abc'],
  [['b', 'a', 'c'], 'ac'],
  [['b', 'c', 'a'], 'b'],
  [['a', 'c', 'b'], ''],
])(
  'of publishes that end in the order %j, those that are refused leave the others',
  async (order, taken) => {
    const { publish, take, refuse, ids } = await openList();
    await publish('a', 'b', 'c');
    expect(ids()).toEqual(['a', 'b', 'c']);
    for (const id of order) await (taken.includes(id) ? take(id) : refuse(id));
    expect(ids()!.toSorted().join('')).toBe(taken);
  },
);

test('what others publish meanwhile stays when a publish is refused', async () => {
  const { publish, say, refuse, ids } = await openList();
  await say('rows', { id: 'before' });
  await publish('mine');
  await say('rows', { id: 'theirs' });
  // What is not confirmed is applied last.
  expect(ids()).toEqual(['before', 'theirs', 'mine']);
  await refuse('mine');
  expect(ids()).toEqual(['before', 'theirs']);
});

test('what others publish with the same content is another signal', async () => {
  const { publish, say, take, ids } = await openList();
  await publish('a');
  await say('rows', { id: 'a' });
  await take('a');
  expect(ids()).toEqual(['a', 'a']);
});

test('an own signal that was not shown at once is applied when it comes', async () => {
  const { driver, publish, take, ids } = await openList();
  const plain = driver.publish('rows', json.encode({ id: 'plain' }));
  await publish('shown');
  await take('plain');
  await plain;
  await take('shown');
  expect(ids()).toEqual(['plain', 'shown']);
});

test('without a component that follows, what the hub has taken stays', async () => {
  const { publish, take, ids } = await openList({ follows: false });
  await publish('a', 'b');
  await take('b');
  await take('a');
  expect(ids()).toEqual(['b', 'a']);
});

test('what was taken while nobody followed is not expected back by who follows later', async () => {
  const { client, driver, publish, take, rerender, ids } = await openList({ follows: false });
  await publish('a');
  await take('a');
  function Follower() {
    useSignalQuery('rows', { queryKey: ['rows'], update: add });
    return null;
  }
  await rerender(<Follower />);
  expect(client.getQueryCache().hasListeners()).toBe(true);
  const again = driver.publish('rows', json.encode({ id: 'a' }));
  await act(async () => {});
  await take('a');
  await again;
  expect(ids()).toEqual(['a', 'a']);
});

test('what is fetched meanwhile is shown with what is being published', async () => {
  const page = await openList();
  const server = new Server();
  await page.rerender(<Rows server={server} />);
  server.rows = [{ id: 'fetched' }];
  await page.publish('a', 'b');
  await act(() => page.client.refetchQueries());
  expect(page.ids()).toEqual(['fetched', 'a', 'b']);
  await page.refuse('a');
  expect(page.ids()).toEqual(['fetched', 'b']);
});

test('a fetch that began before the hub took it does not undo a publish', async () => {
  const page = await openList();
  const server = new Server();
  const { client, publish, take, ids } = page;
  await page.show(<Rows server={server} />);
  server.hold();
  act(() => void client.refetchQueries());
  await publish('a');
  await take('a');
  await server.answer();
  expect(ids()).toEqual(['a']);
});

test('where other code has written over it, a refused publish is fetched instead', async () => {
  const { client, publish, refuse, take, ids } = await openList();
  await publish('a', 'b');
  client.setQueryData(['rows'], [{ id: 'written' }, ...client.getQueryData<Row[]>(['rows'])!]);
  await take('b');
  expect(ids()).toEqual(['written', 'a', 'b']);
  expect(client.getQueryState(['rows'])!.isInvalidated).toBe(false);
  await refuse('a');
  expect(client.getQueryState(['rows'])!.isInvalidated).toBe(true);
});

test('an asynchronous codec is encoded once, and its signal is recognized', async () => {
  let nonce = 0;
  const salted: Codec<Row> = {
    encode: async (value) => json.encode({ ...value, nonce: nonce++ }),
    decode: async (bytes) => json.decode(bytes) as Row,
  };
  const { publish, take, ids } = await openList({ codec: salted });
  await publish('a', 'b');
  await take('a');
  await take('b');
  expect(ids()).toEqual(['a', 'b']);
  expect(nonce).toBe(2);
});

test('the type of the update and its privacy are given along', async () => {
  const { driver, publish } = await openList({ type: 'row', private: true, encoding: 'text' });
  await publish('a');
  expect(vi.mocked(driver.publish).mock.calls[0]![2]).toEqual({
    type: 'row',
    private: true,
    encoding: 'text',
  });
});

test.each<[string, Parameters<typeof openList>[0], string]>([
  ['has no topic yet', { topic: null }, 'usage'],
  ['has an empty topic', { topic: '' }, 'usage'],
  [
    'has a codec that cannot encode it',
    {
      codec: {
        ...json,
        encode: () => {
          throw new Error();
        },
      },
    },
    'usage',
  ],
  [
    'has an update that throws',
    {
      update: () => {
        throw new Error();
      },
    },
    'handler',
  ],
])('a mutation that %s is an error, and nothing is published', async (_, options, code) => {
  const { driver, mutation, ids } = await openList(options);
  await act(async () => {
    await expect(mutation().mutateAsync({ id: 'a' })).rejects.toMatchObject({ code });
  });
  expect(driver.publish).not.toHaveBeenCalled();
  expect(ids()).toEqual([]);
});

test('what a codec finds out later takes the change back', async () => {
  const codec: Codec<Row> = { ...json, encode: () => Promise.reject(new Error()) };
  const { mutation, ids } = await openList({ codec });
  await act(async () => {
    await expect(mutation().mutateAsync({ id: 'a' })).rejects.toMatchObject({ code: 'usage' });
  });
  expect(ids()).toEqual([]);
});

test('without data nothing is made up, and what is fetched then is shown with the change', async () => {
  const page = await openList();
  const { client, publish, refuse, ids } = page;
  client.removeQueries({ queryKey: ['rows'] });
  await publish('a', 'b');
  expect(ids()).toBeUndefined();
  const server = new Server();
  server.rows = [{ id: 'fetched' }];
  await page.show(<Rows server={server} />);
  expect(ids()).toEqual(['fetched', 'a', 'b']);
  await refuse('b');
  expect(ids()).toEqual(['fetched', 'a']);
});

test('what is published while unmounting is sent, and is settled in the cache', async () => {
  const page = openPage();
  const heard: Bytes[] = [];
  await page.driver.subscribe('rows', (bytes) => heard.push(bytes));
  function Guest() {
    const { mutate } = useOptimisticPublish('rows', { queryKey: ['rows'], update: put });
    useEffect(() => () => mutate({ id: 'bye' }), [mutate]);
    return null;
  }
  const { rerender } = await page.show(<Guest />);
  page.client.setQueryData(['rows'], []);
  await rerender(null);
  expect(heard.map((bytes) => json.decode(new Uint8Array(bytes)))).toEqual([{ id: 'bye' }]);
  expect(page.ids()).toEqual(['bye']);
  expect(page.client.getQueryCache().hasListeners()).toBe(false);
});

test('mutate stays the same between renders', async () => {
  const { mutation, publish, take } = await openList();
  const { mutate } = mutation();
  await publish('a');
  await take('a');
  await vi.waitFor(() => expect(mutation().isSuccess).toBe(true));
  expect(mutation().mutate).toBe(mutate);
});
