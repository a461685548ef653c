import { act, render } from '@testing-library/react';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { json, MemoryDriver, MemoryHub, SignalingProvider, type Driver } from '../../src/index.js';

/** A row of a list; the newest `version` counts. */
export interface Row {
  id: string;
  version?: number;
}

/** Adds a row, or replaces the one with its id. */
export const put = (rows: Row[], row: Row): Row[] => [
  ...rows.filter(({ id }) => id !== row.id),
  row,
];

/** A server whose answers can be held back, and that counts how often it is asked. */
export class Server {
  rows: Row[] = [];
  asked = 0;
  #held: (() => void)[] | undefined;

  /** What it has when it is asked, also where the answer comes later. */
  readonly fetch = async (): Promise<Row[]> => {
    this.asked++;
    const rows = [...this.rows];
    const held = this.#held;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    return rows;
  };

  hold(): void {
    this.#held = [];
  }

  async answer(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await act(async () => held?.forEach((resolve) => resolve()));
  }
}

/** A page with a client of its own, and somebody else on the same hub. */
export function openPage() {
  const hub = new MemoryHub();
  const [driver, other] = [new MemoryDriver(hub), new MemoryDriver(hub)];
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const errors: string[] = [];
  const wrap = (children: ReactNode) => (
    <QueryClientProvider client={client}>
      <SignalingProvider driver={driver} onError={({ code }) => errors.push(code)}>
        {children}
      </SignalingProvider>
    </QueryClientProvider>
  );
  return {
    hub,
    driver,
    client,
    errors,
    show: async (children: ReactNode) => {
      const { rerender, unmount } = await act(async () => render(wrap(children)));
      return {
        rerender: (children: ReactNode) => act(async () => rerender(wrap(children))),
        unmount,
      };
    },
    /** Somebody else publishes these. */
    say: (topic: string, ...values: unknown[]) => publish(other, topic, values),
    ids: () => client.getQueryData<Row[]>(['rows'])?.map(({ id }) => id),
  };
}

async function publish(driver: Driver, topic: string, values: unknown[]): Promise<void> {
  await act(async () => {
    await Promise.all(values.map((value) => driver.publish(topic, json.encode(value))));
  });
}

/** Shows the ids of the rows that this server has. */
export function Rows({ server }: { server: Server }) {
  const { data } = useQuery({ queryKey: ['rows'], queryFn: server.fetch, staleTime: Infinity });
  return <output>{data?.map(({ id }) => id).join(' ') ?? 'loading'}</output>;
}
