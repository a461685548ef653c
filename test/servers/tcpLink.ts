import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The network between a client and a port of this machine. */
export interface TcpLink {
  readonly port: number;
  /** How long each chunk takes, either way, in ms; asked for each. Default: no time. */
  delay: () => number;
  /** From now on nothing gets through and nobody is told, as where a cable is pulled. */
  unplug(): void;
  /** New connections work again; those from before stay as dead as they are. */
  plug(): void;
  close(): Promise<void>;
}

export async function startLink(to: number): Promise<TcpLink> {
  const sockets = new Set<Socket>();
  /** What connections need; another object once they are dead. */
  let cable = { isWhole: true };

  /** Passes on what `from` sends, in order, after the delay of each chunk. */
  function carry(from: Socket, to: Socket, through: typeof cable): void {
    let sent = Promise.resolve();
    const pass = (write: () => void) => {
      const at = performance.now() + link.delay();
      sent = sent.then(async () => {
        const left = at - performance.now();
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
        if (through.isWhole) write();
      });
    };
    sockets.add(from);
    from.on('data', (chunk) => pass(() => to.write(chunk)));
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      pass(() => to.destroy());
    });
  }

  const server = createServer((client) => {
    const through = cable;
    const upstream = connect(to, '127.0.0.1');
    carry(client, upstream, through);
    carry(upstream, client, through);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link: TcpLink = {
    port: (server.address() as AddressInfo).port,
    delay: () => 0,
    unplug: () => void (cable.isWhole = false),
    plug: () => void (cable = { isWhole: true }),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return link;
}
