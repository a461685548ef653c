import { publish, subscribe, type Parameters, type Stream } from './client.js';

/** A subscriber that goes on behind its last id, as a browser does, until it is stopped. */
export class Follower {
  /** The ids it has heard, in order. */
  readonly ids: string[] = [];
  /** How often the hub did not know where it had been. */
  gaps = 0;
  /** How many streams it has had. */
  streams = 0;
  readonly #url: string;
  #cursor: string | undefined;
  #stream: Stream | undefined;
  #isStopped = false;

  constructor(url: string) {
    this.#url = url;
    void this.#follow();
  }

  /** Whether it knows from where to go on. */
  get isReady(): boolean {
    return this.#cursor !== undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stream?.close();
  }

  async #follow(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#listen();
      } catch {
        // Nobody is there; it tries again.
      }
      await pause(20);
    }
  }

  async #listen(): Promise<void> {
    const cursor = this.#cursor;
    const parameters = cursor === undefined ? {} : { last_event_id: cursor };
    const stream = await subscribe(this.#url, { match: 'a', ...(parameters as Parameters) });
    this.#stream = stream;
    if (stream.response.status !== 200) return stream.close();
    this.streams++;
    const resumedFrom = stream.response.headers.get('Mercure-Last-Event-ID');
    if (cursor !== undefined && resumedFrom !== cursor) this.gaps++;
    for (let heard = 0; !this.#isStopped; await pause(5)) {
      for (; heard < stream.events.length; heard++) {
        this.#cursor = stream.events[heard]!.id;
        this.ids.push(this.#cursor!);
      }
      this.#cursor = stream.marks.length > 0 && heard === 0 ? stream.marks[0] : this.#cursor;
      if (stream.state !== 'open' && heard === stream.events.length) return;
    }
  }
}

/**
 * Publishes an update under this id until a hub has taken it; resolves to how long each answer took,
 * in ms.
 */
export async function publishUntilTaken(
  url: string,
  id: string,
  token?: string,
): Promise<number[]> {
  for (const waits: number[] = []; ;) {
    const start = performance.now();
    const response = await publish(url, { topic: 'a', id, data: 'x'.repeat(300) }, token).catch(
      () => undefined,
    );
    waits.push(performance.now() - start);
    if (response?.status === 200) return waits;
    // A proxy says 502 where a hub went away with the request.
    if (response && ![502, 503].includes(response.status))
      throw new Error(`Rejected: ${response.status}`);
    await pause(20);
  }
}

/** Publishes under the ids `0` to `count - 1`, so many at once, until a hub has taken each. */
export async function publishMany(url: string, count: number, atOnce = 8): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await publishUntilTaken(url, String(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
