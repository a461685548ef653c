import { MemoryDriver, type MemoryHub } from '../../src/driver/index.js';
import { Identity } from '../../src/call/Identity.js';
import { ROOM } from './members.js';

/** One who reads and publishes what they like on the hub, and has keys of their own. */
export class Attacker {
  /** Everything that was published while they listened. */
  readonly heard: { topic: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  readonly #driver: MemoryDriver;
  #count = 1_000_000;

  constructor(hub: MemoryHub) {
    this.#driver = new MemoryDriver(hub);
  }

  async listen(): Promise<void> {
    await this.#driver.subscribe('*', (bytes, { topic }) => {
      this.heard.push({ topic: topic!, bytes });
    });
  }

  publish(topic: string, value: unknown): Promise<void> {
    const bytes =
      value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
    return this.#driver.publish(topic, bytes);
  }

  /** Publishes everything again that was heard so far. */
  async replay(): Promise<void> {
    for (const { topic, bytes } of [...this.heard]) await this.publish(topic, bytes);
  }

  /** Says hello to the room, as somebody who is not there. */
  async hello(heard: readonly string[] = []): Promise<void> {
    await this.send(await Identity.create(), { type: 'hello', heard });
  }

  /** Signs a message with this key, and sends it to the room or to the inbox of one peer. */
  async send(identity: Identity, message: object, to?: string): Promise<void> {
    this.#count += 1;
    // Whoever entered first makes the offers.
    const body = JSON.stringify({ since: 0, count: this.#count, ...message });
    const signed = await identity.sign(body, `react-signaling call\n${ROOM}\n${to ?? ''}`);
    await this.publish(to === undefined ? ROOM : `${ROOM}/${to}`, { to, signed });
  }

  leave(): void {
    this.#driver.destroy();
  }
}
