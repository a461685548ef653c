import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { StrictMode, useState } from 'react';
import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { createHub } from '../../src/hub/index.js';
import { json, SignalingProvider, SseDriver, type SseDriverOptions } from '../../src/index.js';
import { useOptimisticPublish, useSignalQuery } from '../../src/query/index.js';

interface Message {
  id: string;
  text: string;
}

const put = (messages: Message[], message: Message): Message[] => [
  ...messages.filter(({ id }) => id !== message.id),
  message,
];

/** A server that keeps what it says, and what it hears on a topic. */
async function openServer(topic: string, options: SseDriverOptions = {}) {
  const driver = new SseDriver(options);
  onTestFinished(() => driver.destroy());
  const server = {
    messages: [] as Message[],
    asked: 0,
    fetch: async () => {
      server.asked++;
      return server.messages;
    },
    keep: (message: Message) => {
      server.messages = put(server.messages, message);
    },
    say: async (...messages: Message[]) => {
      messages.forEach(server.keep);
      await Promise.all(messages.map((message) => driver.publish(topic, json.encode(message))));
    },
  };
  await driver.subscribe(topic, (bytes) => server.keep(json.decode(bytes) as Message));
  return server;
}

type Server = Awaited<ReturnType<typeof openServer>>;

function Chat({ topic, server }: { topic: string; server: Server }) {
  const { data } = useQuery({ queryKey: [topic], queryFn: server.fetch, staleTime: Infinity });
  useSignalQuery(topic, { queryKey: [topic], update: put });
  const { mutate, error } = useOptimisticPublish(topic, { queryKey: [topic], update: put });
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ id: crypto.randomUUID(), text });
      }}
    >
      <input aria-label="text" value={text} onChange={(event) => setText(event.target.value)} />
      <output>{`${data?.map(({ text }) => text).join(' ')} ${error?.code ?? ''}`}</output>
    </form>
  );
}

async function open(topic: string, server: Server, options: SseDriverOptions = {}) {
  const screen = await render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <SignalingProvider {...options}>
          <Chat topic={topic} server={server} />
        </SignalingProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
  onTestFinished(() => screen.unmount());
}

async function shows(text: string): Promise<void> {
  await expect.element(page.getByRole('status'), { timeout: 20_000 }).toHaveTextContent(text);
}

async function write(text: string): Promise<void> {
  await userEvent.fill(page.getByLabelText('text'), text);
  await userEvent.keyboard('{Enter}');
}

test('a chat shows what was said before, meanwhile, by others and here, each once', async () => {
  const topic = crypto.randomUUID();
  const server = await openServer(topic);
  await server.say({ id: '1', text: 'before' });
  await open(topic, server);
  await shows('before');
  await server.say({ id: '2', text: 'theirs' });
  await shows('before theirs');
  await write('mine');
  await shows('before theirs mine');
  await expect.poll(() => server.messages.length).toBe(3);
  // Once for the page, and once for what was said until the topic was open.
  await expect.poll(() => server.asked).toBe(2);
  await shows('before theirs mine');
});

/** A hub in this page, so that it is nobody else's, and which can be broken. */
function openHub() {
  const hub = createHub({ openToAll: true, history: 5 });
  onTestFinished(() => hub.close());
  let isAway = false;
  const reach: typeof fetch = async (input, init) => {
    if (isAway) throw new TypeError('The network is away.');
    return hub.fetch(new Request(input, init));
  };
  return {
    hub,
    fetch: reach,
    away: () => {
      isAway = true;
      hub.disrupt({ streams: 'cut' });
    },
    back: () => {
      isAway = false;
    },
  };
}

test('what the hub has forgotten meanwhile is a gap, so it is fetched', async () => {
  const topic = crypto.randomUUID();
  const { hub, fetch, away, back } = openHub();
  const retry = { base: 100, max: 100 };
  const direct: typeof globalThis.fetch = async (input, init) =>
    hub.fetch(new Request(input, init));
  const server = await openServer(topic, { fetch: direct, retry });
  await open(topic, server, { fetch, retry });
  await server.say({ id: '0', text: 'first' });
  await shows('first');
  // The refetch after opening is over.
  await expect.poll(() => server.asked).toBe(2);

  away();
  const texts = Array.from({ length: 10 }, (_, number) => `lost${number}`);
  await server.say(...texts.map((text) => ({ id: text, text })));
  back();
  await shows(`first ${texts.join(' ')}`);
  expect(server.asked).toBe(3);
});

test('a publish that the hub refuses is shown, taken back, and an error', async () => {
  const topic = crypto.randomUUID();
  const { hub, fetch } = openHub();
  let refuse = (): void => {};
  const refusing: typeof globalThis.fetch = (input, init) =>
    init?.method === 'POST'
      ? new Promise((resolve) => {
          refuse = () => resolve(new Response('Forbidden', { status: 403 }));
        })
      : fetch(input, init);
  const direct: typeof globalThis.fetch = async (input, init) =>
    hub.fetch(new Request(input, init));
  const server = await openServer(topic, { fetch: direct });
  await server.say({ id: '0', text: 'first' });
  await open(topic, server, { fetch: refusing });
  await shows('first');
  await write('mine');
  await shows('first mine');
  await server.say({ id: '1', text: 'theirs' });
  await shows('first theirs mine');
  refuse();
  await shows('first theirs unauthorized');
});
