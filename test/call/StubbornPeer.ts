import { json, MemoryDriver, type MemoryHub } from '../../src/driver/index.js';
import { ROOM } from './members.js';

/** One in the room who says exactly what a test wants, over a plain RTCPeerConnection. */
export class StubbornPeer {
  readonly id = 'stubborn';
  readonly driver: MemoryDriver;
  readonly heard: any[] = [];
  readonly #connections: RTCPeerConnection[] = [];

  constructor(hub: MemoryHub) {
    this.driver = new MemoryDriver(hub);
  }

  async join(): Promise<void> {
    await this.driver.subscribe(`${ROOM}/${this.id}`, (bytes) => {
      const message: any = json.decode(bytes);
      this.heard.push(message);
      void this.#take(message);
    });
  }

  hello(): Promise<void> {
    return this.driver.publish(ROOM, json.encode({ type: 'hello', id: this.id, name: 'Stubborn' }));
  }

  tell(id: string, message: object): Promise<void> {
    const introduced = { from: this.id, name: 'Stubborn', ...message };
    return this.driver.publish(`${ROOM}/${id}`, json.encode(introduced));
  }

  /** Begins anew, without a word about what was before. */
  async offer(id: string, connection: string): Promise<RTCPeerConnection> {
    const own = this.#begin();
    await describe(own);
    const description = { ...own.localDescription!.toJSON(), round: 1 };
    await this.tell(id, { connection, description });
    return own;
  }

  /** Answers the first offer it has heard, once for each of these rounds. */
  async answer(id: string, connection: string, rounds: number[]): Promise<RTCPeerConnection> {
    const offer = this.heard.find(({ description }) => description?.type === 'offer');
    const own = this.#begin();
    await own.setRemoteDescription(offer.description);
    await describe(own);
    for (const round of rounds) {
      const description = { ...own.localDescription!.toJSON(), round };
      await this.tell(id, { connection, to: offer.connection, description });
    }
    return own;
  }

  leave(): void {
    this.driver.destroy();
    for (const connection of this.#connections) connection.close();
  }

  #begin(): RTCPeerConnection {
    const own = new RTCPeerConnection();
    this.#connections.unshift(own);
    own.createDataChannel('presence', { negotiated: true, id: 0 });
    return own;
  }

  async #take({ description, candidates = [] }: any): Promise<void> {
    const [own] = this.#connections;
    if (description?.type === 'answer') await own?.setRemoteDescription(description);
    for (const candidate of candidates) await own?.addIceCandidate(candidate);
  }
}

/** Describes it with all its candidates inside. */
async function describe(connection: RTCPeerConnection): Promise<void> {
  await connection.setLocalDescription();
  if (connection.iceGatheringState === 'complete') return;
  await new Promise<void>((resolve) => {
    connection.addEventListener('icecandidate', ({ candidate }) => candidate ?? resolve());
  });
}
